import type { RuleText } from '../rule.ts'

/** Found where waivers are applied, in src/lint/waivers: when nothing was left to waive. */
export const waiverUsed: RuleText = {
  id: 'waiver-used',
  severity: 'warning',
  summary: 'A waiver waives something',
  hint: 'Delete it: the rule holds without it',
}
