import type { RuleText } from '../rule.ts'

/** Found by TypeScript, which is asked in src/lint/types. */
export const types: RuleText = {
  id: 'types',
  severity: 'error',
  summary: 'What a ts block uses exists, and is used as what it is',
  hint: 'The block runs as it stands here; correct it',
}
