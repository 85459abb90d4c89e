import type { RuleText } from '../rule.ts'

/** Found where proofs are read: those of drills by `readProofs`, those of checks by the site. */
export const proofFile: RuleText = {
  id: 'proof-file',
  severity: 'error',
  summary: 'A proof has the shape that drills write',
  hint: 'Delete it, and prove the page again: handbook drill',
}
