import type { Proof } from '../journal/index.ts'
import { writeMarkdownTable } from './markdown-table.ts'

/** Drills for a comment on a change: how many are proven, and a table of what was measured. */
export function formatProofsMarkdown(proofs: readonly Proof[]): string {
  const proven = proofs.filter(proof => proof.proven).length
  return writeMarkdownTable(
    `${proven} of ${proofs.length} drills proven`,
    ['Drill', 'Alert', 'Fired', 'Healed', 'Cleared', 'Lost', 'Result'],
    proofs.map(proof => [
      { code: proof.id },
      proof.alert ?? 'none',
      tell(proof.secondsToFire),
      tell(proof.secondsToHeal),
      tell(proof.secondsToClear),
      proof.workload
        ? `${proof.workload.lost} of ${proof.workload.acknowledged} ${proof.workload.name}`
        : 'not counted',
      proof.proven ? 'proven' : `not proven: ${proof.reason ?? proof.outcome}`,
    ]),
  )
}

function tell(seconds: number | null): string {
  return seconds === null ? 'never' : `${seconds} s`
}
