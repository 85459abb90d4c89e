import type { RuleText } from '../rule.ts'

/** Found by asking TypeScript where promises go, in src/lint/types. */
export const floatingPromise: RuleText = {
  id: 'floating-promise',
  severity: 'error',
  summary: 'A ts block waits for every promise that it begins',
  hint: 'Write await before it',
}
