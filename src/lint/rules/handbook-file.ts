import type { RuleText } from '../rule.ts'

/** Found where `handbook.yaml` and what it names are read, by src/handbook. */
export const handbookFile: RuleText = {
  id: 'handbook-file',
  severity: 'error',
  summary: 'handbook.yaml has only known keys and valid values',
  hint: 'See the reference of handbook.yaml',
}
