import { countOf } from '../base/index.ts'
import type { ProofState, Suggested } from './proof.ts'

/** A place at which a page suggests a mitigation, and whether a drill came by. */
export interface SuggestionCoverage extends Suggested {
  /** `unknown`: no proof that counts says so, and one is older than this record. */
  readonly state: 'drilled' | 'undrilled' | 'unknown'
}

/** Measures it from what is proven now. */
export function coverSuggestions(places: readonly Suggested[], proofs: readonly ProofState[]): SuggestionCoverage[] {
  const records = proofs.flatMap(result => (result.state === 'proven' ? [result.proof.suggested] : []))
  const made = new Set(records.flatMap(record => record?.map(name) ?? []))
  const otherwise = records.includes(undefined) ? 'unknown' : 'undrilled'
  return places.map(place => ({ ...place, state: made.has(name(place)) ? 'drilled' : otherwise }))
}

/** It in words: `6 of 8 suggestions drilled; by no drill: delivered → restart`; nothing for a page that suggests nothing. */
export function describeSuggestions(places: readonly SuggestionCoverage[]): string | undefined {
  if (places.length === 0) return undefined
  const count = (wanted: SuggestionCoverage['state']) => places.filter(({ state }) => state === wanted).length
  const unknown = count('unknown')
  if (unknown === places.length) return `not recorded which of ${countOf(places.length, 'suggestion')} are drilled`
  const share = `${count('drilled')} of ${countOf(places.length, 'suggestion')} drilled`
  if (unknown > 0) return `${share}, ${unknown} not recorded`
  const missing = places.filter(({ state }) => state === 'undrilled').map(place => tell(place, places))
  return missing.length === 0 ? share : `${share}; by no drill: ${missing.join(', ')}`
}

function name({ step, suggests, why }: Suggested): string {
  return JSON.stringify([step, suggests, why])
}

/** A place by its steps; by its reason, too, when another place leads the same way. */
function tell(place: Suggested, places: readonly Suggested[]): string {
  const way = sayWay(place)
  return places.filter(other => sayWay(other) === way).length === 1 ? way : `${way} (${place.why})`
}

function sayWay({ step, suggests }: Suggested): string {
  return `${step} → ${suggests ?? 'what it decides as it runs'}`
}
