import type { Suggested } from '../../journal/index.ts'
import { HOLE, type StepDecisions } from './decision.ts'

/** The places of a page at which a step suggests a mitigation; those that nothing tells apart are one. */
export function listSuggestions(decisions: readonly StepDecisions[]): Suggested[] {
  const all = decisions.flatMap(({ step, suggests }) => suggests.map(one => ({ step, ...one })))
  return [...new Map(all.map(place => [JSON.stringify(place), place])).values()]
}

/** The place that a run's suggestion comes from: of those whose words fit its reason, the one that says most. */
export function placeSuggestion(
  made: { readonly step: string; readonly suggests: string; readonly why: string },
  places: readonly Suggested[],
): Suggested | undefined {
  return places
    .filter(
      ({ step, suggests, why }) =>
        step === made.step && (suggests === made.suggests || suggests === null) && fits(made.why, why),
    )
    .toSorted((a, b) => countWords(b.why) - countWords(a.why))[0]
}

function fits(said: string, words: string): boolean {
  const parts = words.split(HOLE).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`).test(said)
}

function countWords(why: string): number {
  return why.replaceAll(HOLE, '').length
}
