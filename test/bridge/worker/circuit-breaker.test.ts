import { expect, it } from 'vitest'
import { CircuitBreaker } from '../../../src/bridge/worker/circuit-breaker.ts'

function makeBreaker() {
  const state = { now: 0, changes: [] as boolean[] }
  const breaker = new CircuitBreaker({
    failures: () => 3,
    wait: tries => tries * 1000,
    now: () => state.now,
    onChange: isOpen => state.changes.push(isOpen),
  })
  return { breaker, state, attempt: (outcome: 'answered' | 'outage' | 'broken-off') => breaker.begin()(outcome) }
}

it('opens after some outages one after the other, and not when answers come between', () => {
  const { breaker, attempt } = makeBreaker()
  for (const outcome of ['outage', 'outage', 'answered', 'outage', 'broken-off', 'outage'] as const) attempt(outcome)
  expect([breaker.isOpen, breaker.delay]).toEqual([false, 0])
  attempt('outage')
  expect([breaker.isOpen, breaker.delay]).toEqual([true, 1000])
})

it('lets one attempt begin after a wait, waits longer when it fails, and closes by a ramp when it succeeds', () => {
  const { breaker, state, attempt } = makeBreaker()
  for (let count = 0; count < 3; count += 1) attempt('outage')
  state.now = 1000
  expect(breaker.delay).toBe(0)
  const single = breaker.begin()
  expect(breaker.delay).toBeGreaterThan(0)
  single('outage')
  expect(breaker.delay).toBe(2000)
  state.now = 3000
  attempt('answered')
  const two = [breaker.begin(), breaker.begin()]
  expect(breaker.delay).toBeGreaterThan(0)
  for (const end of two) end('answered')
  for (let count = 0; count < 10; count += 1) attempt('answered')
  expect([breaker.isOpen, breaker.delay, state.changes]).toEqual([false, 0, [true, false]])
})
