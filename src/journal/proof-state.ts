import type { Proof } from './proof.ts'

/** What a drill's proof is worth now. */
export type ProofState =
  | { readonly state: 'proven'; readonly proof: Proof }
  | { readonly state: 'changed'; readonly proof: Proof }
  | { readonly state: 'not-proven'; readonly proof?: Proof; readonly reason: string }

/** Judges a drill's newest proof against what the page, its rules and its fault hash to now. */
export function judgeProof(proof: Proof | undefined, contentHash: string): ProofState {
  if (!proof) return { state: 'not-proven', reason: 'never drilled' }
  if (!proof.proven) return { state: 'not-proven', proof, reason: proof.reason ?? 'the drill failed' }
  return { state: proof.contentHash === contentHash ? 'proven' : 'changed', proof }
}

/** A drill's id, and its proof's file name: runbook and fault. */
export function nameProof(procedure: string, fault: string): string {
  return `${procedure}--${fault}`
}
