import type { Problem, Severity } from '../base/index.ts'
import { describeProblem } from './describe-problem.ts'
import { type SarifRule, writeSarif } from './sarif.ts'

/** A rule as a report needs it. */
export interface ReportedRule {
  readonly id: string
  readonly severity: Severity
  readonly summary: string
  readonly hint: string
  /** Its entry on the published site. */
  readonly url?: string
}

/** Problems for code hosts, which show them at their lines: SARIF 2.1.0. */
export function formatProblemsSarif(problems: readonly Problem[], rules: readonly ReportedRule[]): string {
  return writeSarif({
    tool: { name: 'handbook check' },
    rules: rules.map(
      ({ id, severity, summary, hint, url }): SarifRule => ({
        id,
        summary,
        help: hint,
        level: severity,
        ...(url === undefined ? {} : { helpUri: url }),
      }),
    ),
    results: problems.map(problem => ({
      rule: problem.rule,
      level: problem.severity,
      message: describeProblem(problem),
      file: problem.file,
      line: problem.line,
      column: problem.column,
    })),
  })
}
