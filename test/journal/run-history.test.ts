import { expect, test } from 'vitest'
import { type RunEvent, type RunFact, readHistory } from '../../src/journal/index.ts'

const by = { user: 'u', host: 'h', pid: 1 }
const STARTED: RunFact = {
  type: 'run.started',
  procedure: 'p',
  path: 'p.md',
  title: 'P',
  environment: 'lab',
  target: {},
  params: {},
  contentHash: '',
  by,
  mode: 'auto',
  steps: ['a', 'b', 'c'].map(id => ({ id, title: id, phase: 'mitigate', risk: 'change', blockHash: `old ${id}` })),
}
const start = (step: string, attempt = 1): RunFact => ({
  type: 'step.started',
  step,
  title: step,
  phase: 'mitigate',
  risk: 'change',
  attempt,
  blockHash: `new ${step}`,
})
const finish = (step: string, status: 'passed' | 'failed' | 'skipped' | 'cancelled', more = {}): RunFact => ({
  type: 'step.finished',
  step,
  status,
  seconds: 0,
  ...more,
})
const suggest = (step: string, why: string): RunFact => ({ type: 'step.suggested', step, suggests: 'c', why })

function recall(...facts: readonly RunFact[]) {
  return readHistory(
    [STARTED, ...facts].map((fact, index): RunEvent => ({ seq: index + 1, time: '', run: 'r', ...fact })),
  )
}

test('a value stays when its step failed and was left behind, and goes when the step is taken anew', () => {
  const facts = [start('a'), finish('a', 'failed', { value: 7 }), finish('a', 'skipped', { begun: true })]
  expect(recall(...facts)).toMatchObject({ values: { a: 7 }, begun: ['a'], open: [] })
  expect(recall(...facts)?.results.get('a')).toEqual({ status: 'skipped', begun: true })
  expect(recall(...facts, start('a'))?.values).toEqual({})
})

test('a retry adds to what a step suggests; taken anew, the step suggests everything anew', () => {
  const facts = [start('a'), suggest('a', '1'), start('b'), suggest('b', '2'), start('a', 2), suggest('a', '3')]
  expect(recall(...facts)?.suggestions.map(({ by, why }) => by + why)).toEqual(['a1', 'b2', 'a3'])
  expect(recall(...facts, start('a'), suggest('a', '4'))?.suggestions.map(({ by, why }) => by + why)).toEqual([
    'b2',
    'a4',
  ])
})

test('what was cancelled on its way is open; what was cancelled before anything of it ran is not', () => {
  expect(recall(start('a'), finish('a', 'cancelled'))).toMatchObject({ open: ['a'], half: { step: 'a' } })
  const never = recall(start('a'), finish('a', 'cancelled', { begun: false }))
  expect(never).toMatchObject({ open: [], begun: [] })
  expect(never).not.toHaveProperty('half')
})

test('the step that started last is the one that may have happened partially, with its watcher', () => {
  const process = { pid: 7, start: 's' }
  const facts: RunFact[] = [start('b'), start('a'), { type: 'step.supervised', step: 'a', process }]
  expect(recall(...facts)).toMatchObject({ open: ['b', 'a'], half: { step: 'a', process } })
  expect(recall(...facts, start('b'))).toMatchObject({ open: ['a', 'b'], half: { step: 'b' } })
})

test('a run that was resumed has no end, and who resumed it runs it', () => {
  const end: RunFact = { type: 'run.finished', outcome: 'cancelled', seconds: 0, standing: [], rollBack: [] }
  expect(recall(end)?.ending).toMatchObject({ outcome: 'cancelled' })
  const again = recall(end, { type: 'run.resumed', by: { ...by, pid: 2 }, mode: 'auto' })
  expect(again?.by.pid).toBe(2)
  expect(again).not.toHaveProperty('ending')
})

test('events that do not begin with a run’s start are no run’s', () => {
  expect(readHistory([])).toBeUndefined()
  expect(readHistory([{ seq: 1, time: '', run: 'r', type: 'run.warned', message: '' }])).toBeUndefined()
})
