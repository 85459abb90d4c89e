import { countOf } from '../base/index.ts'
import { describeCount, type Proof } from '../journal/index.ts'
import { writeJunit } from './junit.ts'
import { writeMarkdownTable } from './markdown-table.ts'

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

/** Drills for a comment on a change: how many are proven, and a table of what was measured. */
export function formatProofsMarkdown(proofs: readonly Proof[]): string {
  const proven = proofs.filter(proof => proof.proven).length
  return writeMarkdownTable(
    `${proven} of ${countOf(proofs.length, 'drill')} proven`,
    ['Drill', 'Alert', 'Fired', 'Healed', 'Cleared', 'Lost', 'Result'],
    proofs.map(proof => [
      { code: proof.id },
      proof.alert ?? 'none',
      tell(proof.secondsToFire),
      tell(proof.secondsToHeal),
      tell(proof.secondsToClear),
      describeCount(proof).replace(/ lost$/, ''),
      proof.proven ? 'proven' : `not proven: ${proof.reason ?? proof.outcome}`,
    ]),
  )
}

function tell(seconds: number | null): string {
  return seconds === null ? 'not seen' : `${seconds} s`
}
