import { expect, test } from 'vitest'
import { foldRun, type RunEvent, type RunFact } from '../../src/journal/index.ts'

const STARTED: RunFact = {
  type: 'run.started',
  procedure: 'p',
  path: 'p.md',
  title: 'P',
  environment: 'lab',
  target: {},
  params: {},
  contentHash: 'c0ffee',
  by: { user: 'u', host: 'h', pid: 1 },
  mode: 'auto',
  steps: [
    { id: 'a', title: 'A', phase: 'diagnose', risk: 'read' },
    { id: 'b', title: 'B', phase: 'mitigate', risk: 'change' },
  ],
}

function date(facts: readonly RunFact[]): RunEvent[] {
  return facts.map((fact, index) => ({ seq: index + 1, time: `2026-11-22T00:00:0${index}.000Z`, run: 'r', ...fact }))
}

const begin = (step: string, attempt = 1): RunFact => ({
  type: 'step.started',
  step,
  title: step,
  phase: 'diagnose',
  risk: 'read',
  attempt,
  blockHash: '',
})

test('a run under way folds as far as it is', () => {
  const state = foldRun(date([STARTED, { type: 'run.warned', message: 'w' }, begin('a')]))
  expect(state).toMatchObject({ id: 'r', procedure: 'p', environment: 'lab', warnings: ['w'], contentHash: 'c0ffee' })
  expect(state.outcome).toBeUndefined()
  expect(state.steps.map(({ id, status, attempts }) => [id, status, attempts])).toEqual([
    ['a', 'running', 1],
    ['b', 'waiting', 0],
  ])
})

test('a run that is over has its outcome, values, evidence, suggestions and measures', () => {
  const state = foldRun(
    date([
      STARTED,
      begin('a'),
      { type: 'step.output', step: 'a', stream: 'stdout', text: 'x' },
      { type: 'step.retrying', step: 'a', attempt: 1, error: { message: 'e' } },
      begin('a', 2),
      { type: 'step.suggested', step: 'a', suggests: 'b', why: 'full' },
      { type: 'step.evidence', step: 'a', evidence: { name: 'n', value: 1 } },
      { type: 'step.finished', step: 'a', status: 'passed', seconds: 2, value: { percent: 97 } },
      { type: 'step.finished', step: 'b', status: 'failed', seconds: 1, error: { message: 'no' } },
      {
        type: 'run.finished',
        outcome: 'failed',
        seconds: 3,
        reason: 'b failed',
        standing: [{ step: 'b' }],
        rollBack: ['c'],
      },
    ]),
  )
  expect(state).toMatchObject({
    outcome: 'failed',
    reason: 'b failed',
    finished: '2026-11-22T00:00:09.000Z',
    suggestions: [{ step: 'b', why: 'full' }],
    standing: [{ step: 'b' }],
    rollBack: ['c'],
    steps: [
      {
        id: 'a',
        status: 'passed',
        attempts: 2,
        seconds: 2,
        value: { percent: 97 },
        evidence: [{ name: 'n', value: 1 }],
      },
      { id: 'b', status: 'failed', error: { message: 'no' } },
    ],
  })
})
