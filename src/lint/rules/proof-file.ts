import type { RuleText } from '../rule.ts'

/** Found where proofs are read, by src/handbook. */
export const proofFile: RuleText = {
  id: 'proof-file',
  severity: 'error',
  summary: 'A proof has the shape that drills write',
  hint: 'Delete it, and prove the page again: handbook drill',
}
