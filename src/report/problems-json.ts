import type { Problem, WaivedProblem } from '../base/index.ts'

/**
 * Problems for programs, one line: `{problems: [{file, line, column, rule, severity, message, expected?, found?, hint?}], waived?: […]}`;
 * a waived one also has `reason` and `until`.
 */
export function formatProblemsJson(problems: readonly Problem[], waived?: readonly WaivedProblem[]): string {
  return `${JSON.stringify({ problems, waived })}\n`
}
