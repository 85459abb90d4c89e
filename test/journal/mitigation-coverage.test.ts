import { expect, test } from 'vitest'
import { coverMitigations, describeCoverage, type ProofState, proofSchema } from '../../src/journal/index.ts'

const proof = (...run: string[]) =>
  proofSchema.parse({
    id: 'p--f',
    procedure: 'p',
    proven: true,
    fault: 'f',
    environment: 'lab',
    timeScale: 60,
    signal: 'alertmanager',
    run: 'r',
    outcome: 'healed',
    steps: { run, notRun: [] },
    control: 'ruled-out',
    contentHash: 'abc',
    commit: 'c',
    date: '2026-11-22',
    secondsToFire: 1,
    secondsToHeal: 2,
    secondsToClear: 3,
  })
const PROOFS: readonly ProofState[] = [
  { state: 'proven', proof: proof('look', 'shed', 'purge') },
  { state: 'proven', proof: proof('look', 'purge') },
  // What has changed since, or failed, counts for nothing.
  { state: 'changed', proof: proof('look', 'restart'), parts: ['page'] },
  { state: 'not-proven', proof: proof('look', 'retry'), reason: 'the alert did not fire' },
  { state: 'not-proven', reason: 'never drilled' },
]

test('only proofs that still count cover a mitigation or a roll-back step', () => {
  const steps = { mitigations: ['shed', 'purge', 'restart', 'retry'], rollBack: ['admit', 'look'] }
  const coverage = coverMitigations(steps, PROOFS)
  expect(coverage).toEqual({ ...steps, undrilled: ['restart', 'retry', 'admit'] })
  const words = '2 of 4 mitigations and 1 of 2 roll-back steps drilled; by no drill: restart, retry, admit'
  expect(describeCoverage(coverage)).toBe(words)
})

test('a page where every step is drilled names none', () => {
  const only = (mitigations: string[]) => describeCoverage(coverMitigations({ mitigations, rollBack: [] }, PROOFS))
  expect(only(['shed'])).toBe('1 of 1 mitigation drilled')
  expect(only([])).toBe('0 of 0 mitigations drilled')
})
