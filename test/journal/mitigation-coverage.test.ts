import { expect, test } from 'vitest'
import { coverMitigations, describeCoverage, type ProofState } from '../../src/journal/index.ts'
import { makeProof } from '../lint/make-proof.ts'

const proof = (...run: string[]) => makeProof({ steps: { run, notRun: [] } })
const PROOFS: readonly ProofState[] = [
  { state: 'proven', proof: proof('look', 'shed', 'purge') },
  { state: 'proven', proof: proof('look', 'purge') },
  // What has changed since, or failed, counts for nothing.
  { state: 'changed', proof: proof('look', 'restart'), parts: ['page'] },
  { state: 'not-proven', proof: proof('look', 'retry'), reason: 'the alert did not fire' },
  { state: 'not-proven', reason: 'never drilled' },
]

test('only proofs that still count cover a mitigation or a roll-back step', () => {
  const steps = { mitigations: ['shed', 'purge', 'restart', 'retry'], rollBack: ['admit', 'look'], suggestions: [] }
  const coverage = coverMitigations(steps, PROOFS)
  expect(coverage).toEqual({ ...steps, undrilled: ['restart', 'retry', 'admit'] })
  const words = '2 of 4 mitigations and 1 of 2 roll-back steps drilled; by no drill: restart, retry, admit'
  expect(describeCoverage(coverage)).toBe(words)
})

test('a page where every step is drilled names none', () => {
  const only = (mitigations: string[]) =>
    describeCoverage(coverMitigations({ mitigations, rollBack: [], suggestions: [] }, PROOFS))
  expect(only(['shed'])).toBe('1 of 1 mitigation drilled')
  expect(only([])).toBe('0 of 0 mitigations drilled')
})

test('what is suggested is told beside the steps', () => {
  const suggestions = [{ step: 'look', suggests: 'shed', why: '' }]
  const proofs: ProofState[] = [
    { state: 'proven', proof: makeProof({ steps: { run: ['shed'], notRun: [] }, suggested: [] }) },
  ]
  const words = '1 of 1 mitigation drilled. 0 of 1 suggestion drilled; by no drill: look → shed'
  expect(describeCoverage(coverMitigations({ mitigations: ['shed'], rollBack: [], suggestions }, proofs))).toBe(words)
})
