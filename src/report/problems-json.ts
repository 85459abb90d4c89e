import type { Problem } from '../base/index.ts'

/** Problems for programs: `{problems: [{file, line, column, rule, severity, message, expected?, found?, hint?}]}`, one line. */
export function formatProblemsJson(problems: readonly Problem[]): string {
  return `${JSON.stringify({ problems })}\n`
}
