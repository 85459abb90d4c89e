import { countOf } from '../base/index.ts'
import type { ProofState, Suggested } from './proof.ts'
import { coverSuggestions, describeSuggestions, type SuggestionCoverage } from './suggestion-coverage.ts'

/** What a page has that drills may take. */
export interface Coverable {
  readonly mitigations: readonly string[]
  readonly rollBack: readonly string[]
  /** The places at which it suggests a mitigation. */
  readonly suggestions: readonly Suggested[]
}

/** Which mitigations and roll-back steps of a page its drills have taken, and which of its suggestions they were given. */
export interface MitigationCoverage extends Coverable {
  /** The mitigations and roll-back steps that no proof which still counts has taken. */
  readonly undrilled: readonly string[]
  readonly suggestions: readonly SuggestionCoverage[]
}

/** Measures it from what is proven now. A proof of what has changed since counts for nothing. */
export function coverMitigations(
  { mitigations, rollBack, suggestions }: Coverable,
  proofs: readonly ProofState[],
): MitigationCoverage {
  const taken = new Set(proofs.flatMap(result => (result.state === 'proven' ? result.proof.steps.run : [])))
  return {
    mitigations,
    rollBack,
    undrilled: [...mitigations, ...rollBack].filter(id => !taken.has(id)),
    suggestions: coverSuggestions(suggestions, proofs),
  }
}

/** The coverage in words: `3 of 4 mitigations and 1 of 1 roll-back step drilled; by no drill: retry. 2 of 2 suggestions drilled`. */
export function describeCoverage({ mitigations, rollBack, undrilled, suggestions }: MitigationCoverage): string {
  const count = (steps: readonly string[], word: string) =>
    `${steps.filter(id => !undrilled.includes(id)).length} of ${countOf(steps.length, word)}`
  const back = rollBack.length === 0 ? '' : ` and ${count(rollBack, 'roll-back step')}`
  const share = `${count(mitigations, 'mitigation')}${back} drilled`
  const steps = undrilled.length === 0 ? share : `${share}; by no drill: ${undrilled.join(', ')}`
  const suggested = describeSuggestions(suggestions)
  return suggested === undefined ? steps : `${steps}. ${capitalize(suggested)}`
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
