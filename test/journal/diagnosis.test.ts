import { describe, expect, test } from 'vitest'
import { type Diagnosis, isRowSound, judgeDiagnosis } from '../../src/journal/index.ts'

type State = Parameters<typeof judgeDiagnosis>[0]
type Status = State['steps'][number]['status']

/** A run that could only read: how its steps of Diagnose ended, and what they suggested. */
function run(diagnose: readonly Status[], suggestions: readonly string[] = [], outcome?: State['outcome']): State {
  const base = { title: '', attempts: 1, seconds: 1, evidence: [] }
  return {
    procedure: 'full',
    outcome: outcome ?? 'inconclusive',
    steps: [
      ...diagnose.map((status, index) => ({ ...base, id: `look-${index}`, phase: 'diagnose', status })),
      { ...base, id: 'purge', phase: 'mitigate', status: 'waiting' },
    ],
    suggestions: suggestions.map(step => ({ step, why: 'it is full' })),
    took: 1.23,
  }
}

const judge = (state: State, own: boolean) => judgeDiagnosis(state, { own, changing: ['purge'] })

describe('a page that only reads, beside a fault', () => {
  test.each<[string, State, Diagnosis['said'], Diagnosis['flaw'], Diagnosis['flaw']]>([
    ['finds something to change', run(['passed'], ['purge']), 'suggests', undefined, 'suggests-other'],
    ['finds something to look at', run(['passed'], ['profile']), 'suggests', undefined, undefined],
    ['finds it beside a failure', run(['failed', 'passed'], ['purge']), 'suggests', undefined, 'suggests-other'],
    ['rules it out', run(['passed', 'ruled-out']), 'ruled-out', 'own-ruled-out', undefined],
    ['fails', run(['ruled-out', 'failed']), 'undecided', 'own-not-found', undefined],
    ['is blocked', run(['ruled-out', 'blocked']), 'undecided', 'own-not-found', undefined],
    ['skips', run(['ruled-out', 'skipped']), 'undecided', 'own-not-found', undefined],
    ['is silent', run(['passed']), 'undecided', 'own-not-found', undefined],
    ['has no Diagnose', run([]), 'undecided', 'own-not-found', undefined],
    ['says that it healed', run(['passed'], ['profile'], 'healed'), 'healed', undefined, 'healed-other'],
  ])('%s', (_, state, said, own, other) => {
    expect(judge(state, true)).toMatchObject({ page: 'full', own: true, said, seconds: 1.2 })
    expect(judge(state, true).flaw).toBe(own)
    expect(judge(state, false).flaw).toBe(other)
  })

  test('has nothing to do for its own fault, where its drills say so', () => {
    const judgeEscalation = (state: State) => judgeDiagnosis(state, { own: true, escalates: true, changing: ['purge'] })
    expect(judgeEscalation(run(['ruled-out', 'failed'])).flaw).toBeUndefined()
    expect(judgeEscalation(run(['ruled-out'])).flaw).toBe('own-ruled-out')
  })

  test('is recorded with what it suggests, and with why its steps ended so', () => {
    const state = run(['ruled-out', 'failed'], ['purge', 'profile'])
    const [first, second, ...rest] = state.steps
    const told = [{ ...first, reason: 'it is empty' }, { ...second, error: { message: 'no answer' } }, ...rest]
    expect(judge({ ...state, steps: told as State['steps'] }, false)).toMatchObject({
      suggestions: [
        { step: 'purge', why: 'it is full', changes: true },
        { step: 'profile', why: 'it is full', changes: false },
      ],
      steps: [
        { id: 'look-0', status: 'ruled-out', says: 'it is empty' },
        { id: 'look-1', status: 'failed', says: 'no answer' },
      ],
    })
  })
})

test.each<[boolean, Diagnosis['flaw'], string | undefined]>([
  [true, undefined, undefined],
  [true, 'suggests-other', undefined],
  [true, 'own-not-found', undefined],
  [false, 'own-ruled-out', undefined],
  [false, 'healed-other', undefined],
  [false, undefined, 'the alert did not fire'],
])('a row is sound: %s, with a page that is %s, and the failure %s', (sound, flaw, failure) => {
  const row = { fault: 'full', alerts: [], fired: [], commit: 'c', date: '2026-11-30' }
  const fine = judge(run(['ruled-out']), false)
  const pages = [fine, { ...fine, ...(flaw === undefined ? {} : { flaw }) }]
  expect(isRowSound({ ...row, pages, ...(failure === undefined ? {} : { failure }) })).toBe(sound)
})
