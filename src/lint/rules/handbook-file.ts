import type { RuleText } from '../rule.ts'

/** Found where `handbook.yaml` is read, by src/environments, and where its rule files are. */
export const handbookFile: RuleText = {
  id: 'handbook-file',
  severity: 'error',
  summary: 'handbook.yaml says what it may say',
  hint: 'See the reference of handbook.yaml',
}
