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

test('only proofs that still count cover a mitigation', () => {
  const coverage = coverMitigations(['shed', 'purge', 'restart', 'retry'], PROOFS)
  expect(coverage).toEqual({ mitigations: ['shed', 'purge', 'restart', 'retry'], undrilled: ['restart', 'retry'] })
  expect(describeCoverage(coverage)).toBe('2 of 4 mitigations drilled; by no drill: restart, retry')
})

test('a page without an undrilled mitigation names none', () => {
  expect(describeCoverage(coverMitigations(['shed'], PROOFS))).toBe('1 of 1 mitigation drilled')
  expect(describeCoverage(coverMitigations([], PROOFS))).toBe('0 of 0 mitigations drilled')
})
