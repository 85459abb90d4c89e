import type { RuleText } from '../rule.ts'

/** Found by bash, which is asked in src/lint/shell. */
export const bashSyntax: RuleText = {
  id: 'bash-syntax',
  severity: 'error',
  summary: 'bash can read a bash block',
  hint: 'Try the block with bash -n',
}
