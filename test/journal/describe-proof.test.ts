import { expect, test } from 'vitest'
import { describeCount, describeTimes } from '../../src/journal/index.ts'

test.each([
  [undefined, 'nothing was counted: what was lost is unknown'],
  [{ name: 'orders', acknowledged: 0, lost: 0, counts: {} }, 'nothing was counted: what was lost is unknown'],
  [{ name: 'orders', acknowledged: 7, lost: 0, counts: {} }, '0 of 7 orders lost'],
])('what a drill counted is said, and that it counted nothing: %j', (workload, says) => {
  expect(describeCount(workload === undefined ? {} : { workload })).toBe(says)
})

test('times that nobody saw are no times', () => {
  expect(describeTimes({ secondsToFire: 5, secondsToHeal: null, secondsToClear: 2 })).toBe(
    'fired in 5 s, not seen to heal, cleared in 2 s',
  )
})

test('a drill that escalated was not to heal', () => {
  const times = { secondsToFire: 5, secondsToHeal: null, secondsToClear: null }
  expect(describeTimes({ ...times, escalated: 'delivered' })).toBe('fired in 5 s, escalated by #delivered')
})
