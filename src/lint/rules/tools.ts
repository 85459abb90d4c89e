import type { Rule, RuleText } from '../rule.ts'

/** Checked by TypeScript, in src/lint/types. */
export const types: RuleText = {
  id: 'types',
  severity: 'error',
  summary: 'The types in a ts block are correct',
  hint: 'Correct the block: it would run like this',
}

/** Checked with TypeScript, in src/lint/types. */
export const floatingPromise: RuleText = {
  id: 'floating-promise',
  severity: 'error',
  summary: 'A ts block waits for every promise that it begins',
  hint: 'Write await before it',
}

/** Checked by bash, in src/lint/shell. */
export const bashSyntax: RuleText = {
  id: 'bash-syntax',
  severity: 'error',
  summary: 'bash can read a bash block',
  hint: 'Try the block with bash -n',
}

/** Checked by ShellCheck, in src/lint/shell. ShellCheck itself says how severe each problem is. */
export const shellcheck: Rule = {
  id: 'shellcheck',
  severity: 'warning',
  summary: 'ShellCheck has no warning for a bash block',
  hint: 'Write # shellcheck disable=SC… above it',
  isJudged: facts => facts.shellcheck,
}
