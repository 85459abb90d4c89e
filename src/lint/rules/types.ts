import type { RuleText } from '../rule.ts'

/** Found by TypeScript, which is asked in src/lint/types. */
export const types: RuleText = {
  id: 'types',
  severity: 'error',
  summary: 'The types in a ts block are correct',
  hint: 'Correct the block: it would run like this',
}
