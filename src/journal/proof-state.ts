import type { Proof } from './proof.ts'
import { findChange, type ProofPart, type StandsOn } from './stands-on.ts'

/** What a drill's proof is worth now. */
export type ProofState =
  | { readonly state: 'proven'; readonly proof: Proof }
  /** `parts` is empty when the proof does not tell which part it stood on. */
  | { readonly state: 'changed'; readonly proof: Proof; readonly parts: readonly ProofPart[] }
  | { readonly state: 'not-proven'; readonly proof?: Proof; readonly reason: string }

/** Judges a drill's newest proof against what the page, its fault and what is shipped are now. */
export function judgeProof(proof: Proof | undefined, now: StandsOn): ProofState {
  if (!proof) return { state: 'not-proven', reason: 'never drilled' }
  if (!proof.proven) return { state: 'not-proven', proof, reason: proof.reason ?? 'the drill failed' }
  const parts = findChange(proof, now)
  return parts === undefined ? { state: 'proven', proof } : { state: 'changed', proof, parts }
}

/** Parts that changed, for people: `the page, a script on it or an alert rule`. */
export function describeParts(parts: readonly ProofPart[]): string {
  if (parts.length === 0) return 'the page, the fault or what is shipped'
  return parts.map(part => PARTS[part]).join('; ')
}

const PARTS: Readonly<Record<ProofPart, string>> = {
  page: 'the page, a script on it or an alert rule',
  fault: 'the fault or the workload',
  shipped: 'the service, its units or its configuration',
}

/** A drill's id, and its proof's file name: runbook and fault. */
export function nameProof(procedure: string, fault: string): string {
  return `${procedure}--${fault}`
}
