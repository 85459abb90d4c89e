import type { Problem, Severity, WaivedProblem } from '../base/index.ts'
import { type SarifResult, type SarifRule, writeSarif } from './sarif.ts'

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
export function formatProblemsSarif(
  problems: readonly Problem[],
  waived: readonly WaivedProblem[],
  rules: readonly ReportedRule[],
  notChecked: readonly string[] = [],
): string {
  return writeSarif({
    notChecked,
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
    results: [
      ...problems.map(describeResult),
      ...waived.map(problem => ({
        ...describeResult(problem),
        suppression: `Until ${problem.until}: ${problem.reason}`,
      })),
    ],
  })
}

function describeResult(problem: Problem): SarifResult {
  const { rule, severity, file, line, column } = problem
  return { rule, level: severity, message: describeProblem(problem), file, line, column }
}

/** What is wrong and what to do, without the place: a line each for the message, what was expected and found, and the hint. */
export function describeProblem({ message, expected, found, hint }: Problem): string {
  return [
    message,
    ...(expected === undefined ? [] : [`Expected: ${expected}`]),
    ...(found === undefined ? [] : [`Found: ${found}`]),
    ...(hint === undefined ? [] : [hint]),
  ].join('\n')
}
