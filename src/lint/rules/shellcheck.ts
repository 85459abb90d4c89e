import type { Rule } from '../rule.ts'

/** Found by ShellCheck, which is asked in src/lint/shell; it says itself how severe each is. */
export const shellcheck: Rule = {
  id: 'shellcheck',
  severity: 'warning',
  summary: 'ShellCheck has no warning for a bash block',
  hint: 'Write # shellcheck disable=SC… above it',
  isJudged: facts => facts.shellcheck,
}
