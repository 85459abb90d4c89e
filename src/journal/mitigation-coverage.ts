import { countOf } from '../base/index.ts'
import type { ProofState } from './proof.ts'

/** Which mitigations of a page the runs of its drills have taken. */
export interface MitigationCoverage {
  readonly mitigations: readonly string[]
  /** Those that no proof which still counts has taken. */
  readonly undrilled: readonly string[]
}

/** Measures it from what is proven now. A proof of what has changed since counts for nothing. */
export function coverMitigations(mitigations: readonly string[], proofs: readonly ProofState[]): MitigationCoverage {
  const taken = new Set(proofs.flatMap(result => (result.state === 'proven' ? result.proof.steps.run : [])))
  return { mitigations, undrilled: mitigations.filter(id => !taken.has(id)) }
}

/** The coverage in words: `3 of 4 mitigations drilled; by no drill: retry`. */
export function describeCoverage({ mitigations, undrilled }: MitigationCoverage): string {
  const share = `${mitigations.length - undrilled.length} of ${countOf(mitigations.length, 'mitigation')} drilled`
  return undrilled.length === 0 ? share : `${share}; by no drill: ${undrilled.join(', ')}`
}
