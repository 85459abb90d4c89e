import { countOf } from '../base/index.ts'
import type { ProofState } from './proof.ts'

/** Which mitigations and roll-back steps of a page its drills have taken. */
export interface MitigationCoverage {
  readonly mitigations: readonly string[]
  readonly rollBack: readonly string[]
  /** Those of both that no proof which still counts has taken. */
  readonly undrilled: readonly string[]
}

/** Measures it from what is proven now. A proof of what has changed since counts for nothing. */
export function coverMitigations(
  { mitigations, rollBack }: Pick<MitigationCoverage, 'mitigations' | 'rollBack'>,
  proofs: readonly ProofState[],
): MitigationCoverage {
  const taken = new Set(proofs.flatMap(result => (result.state === 'proven' ? result.proof.steps.run : [])))
  return { mitigations, rollBack, undrilled: [...mitigations, ...rollBack].filter(id => !taken.has(id)) }
}

/** The coverage in words: `3 of 4 mitigations and 1 of 1 roll-back step drilled; by no drill: retry`. */
export function describeCoverage({ mitigations, rollBack, undrilled }: MitigationCoverage): string {
  const count = (steps: readonly string[], word: string) =>
    `${steps.filter(id => !undrilled.includes(id)).length} of ${countOf(steps.length, word)}`
  const back = rollBack.length === 0 ? '' : ` and ${count(rollBack, 'roll-back step')}`
  const share = `${count(mitigations, 'mitigation')}${back} drilled`
  return undrilled.length === 0 ? share : `${share}; by no drill: ${undrilled.join(', ')}`
}
