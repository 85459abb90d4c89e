import type { Proof } from '../journal/index.ts'
import { writeJunit } from './junit.ts'

/** Drills for CI servers: a suite a runbook, a case a drill, with the seconds from the fault until the alert was gone. */
export function formatProofsJunit(proofs: readonly Proof[]): string {
  const runbooks = [...new Set(proofs.map(({ procedure }) => procedure))]
  return writeJunit({
    name: 'handbook drill',
    suites: runbooks.map(runbook => ({
      name: runbook,
      cases: proofs
        .filter(({ procedure }) => procedure === runbook)
        .map(proof => ({
          name: proof.id,
          seconds: (proof.secondsToFire ?? 0) + (proof.secondsToHeal ?? 0) + (proof.secondsToClear ?? 0),
          output: JSON.stringify(proof, null, 2),
          ...(proof.proven ? {} : { failure: { message: proof.reason ?? 'not proven', type: proof.outcome } }),
        })),
    })),
  })
}
