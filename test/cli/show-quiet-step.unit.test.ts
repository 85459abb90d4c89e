import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { showQuietStep } from '../../src/cli/show-quiet-step.ts'
import type { RunEvent } from '../../src/journal/index.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 3, 5) }))
afterEach(() => void vi.useRealTimers())

const base = { seq: 1, time: '2026-11-22T14:03:05.000Z', run: 'r', chain: '' }
const started: RunEvent = {
  ...base,
  type: 'step.started',
  step: 'shed',
  title: 'Shed load',
  phase: 'mitigate',
  risk: 'change',
  attempt: 1,
  blockHash: '',
}
const output = (text: string): RunEvent => ({ ...base, type: 'step.output', step: 'shed', stream: 'stdout', text })
const finished: RunEvent = { ...base, type: 'step.finished', step: 'shed', status: 'passed', seconds: 1 }

function watch(live: boolean) {
  let text = ''
  const quiet = showQuietStep(piece => {
    text += piece
  }, live)
  return { quiet, text: () => text, shown: () => text.split('\r\u001b[2K').at(-1) }
}

test('a terminal shows that a quiet step runs, for how long and since when, in one line', () => {
  const { quiet, text, shown } = watch(true)
  quiet.hear(started)
  vi.advanceTimersByTime(4000)
  expect(text()).toBe('')
  vi.advanceTimersByTime(1000)
  expect(shown()).toContain('… running for 5 s, since 14:03:05')
  vi.advanceTimersByTime(7000)
  expect(shown()).toContain('… running for 12 s, since 14:03:05')
  expect(text()).not.toContain('\n')
  quiet.hear(output('at last\n'))
  expect(shown()).toBe('')
  vi.advanceTimersByTime(5000)
  expect(shown()).toContain('… running for 17 s')
  quiet.hear(finished)
  expect(shown()).toBe('')
  vi.advanceTimersByTime(60_000)
  expect(shown()).toBe('')
})

test('nothing is written behind a line that has no end yet', () => {
  const { quiet, text } = watch(true)
  quiet.hear(started)
  quiet.hear(output('progress 20 %'))
  vi.advanceTimersByTime(60_000)
  expect(text()).toBe('')
})

test('a log has a line a minute, and a step that prints needs none', () => {
  const { quiet, text } = watch(false)
  quiet.hear(started)
  vi.advanceTimersByTime(59_000)
  expect(text()).toBe('')
  vi.advanceTimersByTime(121_000)
  expect(text()).toBe([1, 2, 3].map(minutes => `    … running for ${minutes} min, since 14:03:05\n`).join(''))
  quiet.hear(output('at last\n'))
  vi.advanceTimersByTime(59_000)
  expect(text().split('\n')).toHaveLength(4)
  quiet.end()
})
