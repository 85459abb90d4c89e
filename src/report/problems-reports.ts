import { countOf, formatJson, formatPlace, type Problem, type Severity, type WaivedProblem } from '../base/index.ts'
import { type JunitCase, type JunitSuite, writeJunit } from './junit.ts'
import { type Cell, writeMarkdownTable } from './markdown-table.ts'
import { type SarifResult, type SarifRule, writeSarif } from './sarif.ts'

/**
 * Problems for programs, one line: `{problems: [{file, line, column, rule, severity, message, expected?, found?, hint?}], waived?: […]}`;
 * a waived one also has `reason` and `until`; `notChecked` says what was not looked at.
 */
export function formatProblemsJson(
  problems: readonly Problem[],
  waived?: readonly WaivedProblem[],
  notChecked: readonly string[] = [],
): string {
  return `${formatJson({ problems, waived, ...(notChecked.length > 0 ? { notChecked } : {}) })}\n`
}

/**
 * Problems for CI servers: a suite a file, a failing case an error. Warnings pass and print, and what is waived is skipped. A page
 * without problems has a case that passes.
 */
export function formatProblemsJunit(
  problems: readonly Problem[],
  waived: readonly WaivedProblem[],
  pages: readonly string[],
  notChecked: readonly string[] = [],
): string {
  const files = [...new Set([...pages, ...problems.map(({ file }) => file)])].sort()
  return writeJunit({
    name: 'handbook check',
    suites: [
      ...listNotChecked(notChecked),
      ...files.map(name => {
        const cases = [
          ...problems.filter(({ file }) => file === name).map(describeCase),
          ...waived.filter(({ file }) => file === name).map(describeWaived),
        ]
        return { name, cases: cases.length > 0 ? cases : [{ name: 'nothing wrong' }] }
      }),
    ],
  })
}

/** What was not looked at has neither passed nor failed. */
function listNotChecked(notChecked: readonly string[]): JunitSuite[] {
  if (notChecked.length === 0) return []
  return [{ name: 'Not checked', cases: notChecked.map(name => ({ name, skipped: 'not checked' })) }]
}

function describeWaived({ rule, line, column, message, reason, until }: WaivedProblem): JunitCase {
  return { name: `${line}:${column} ${rule}`, skipped: `${message}. Waived until ${until}: ${reason}` }
}

function describeCase(problem: Problem): JunitCase {
  const { rule, line, column, severity, message } = problem
  const name = `${line}:${column} ${rule}`
  const text = `${formatPlace(problem)} ${describeProblem(problem)}`
  switch (severity) {
    case 'error':
      return { name, failure: { message, type: rule, text } }
    case 'warning':
      return { name, output: text }
    default:
      return severity satisfies never
  }
}

/** Problems for a comment on a change: how many there are, and a table of them. */
export function formatProblemsMarkdown(
  problems: readonly Problem[],
  waived: readonly WaivedProblem[],
  pages: number,
  rules: readonly ReportedRule[],
  notChecked: readonly string[] = [],
): string {
  const name = (rule: string): Cell => {
    const url = rules.find(({ id }) => id === rule)?.url
    return url === undefined ? { code: rule } : { text: rule, url }
  }
  const table = writeMarkdownTable(
    countProblems(problems, pages, waived.length),
    ['Place', 'Severity', 'Rule', 'Problem'],
    problems.map(problem => [
      { code: formatPlace(problem) },
      problem.severity,
      name(problem.rule),
      [problem.message, problem.hint ?? ''].join('. '),
    ]),
  )
  return `${table}${notChecked.map(text => `\nNot checked: ${text}\n`).join('')}`
}

/** How many problems there are, and how many more are waived, in words: `2 errors and 1 warning in 3 pages, 1 waived`. */
export function countProblems(problems: readonly Problem[], pages: number, waived: number): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const found = [errors > 0 ? countOf(errors, 'error') : [], warnings > 0 ? countOf(warnings, 'warning') : []].flat()
  const where = pages === 0 ? '' : ` in ${countOf(pages, 'page')}`
  const none = pages === 0 ? 'no page was checked' : `${countOf(pages, 'page')}, nothing wrong`
  const text = found.length === 0 ? none : `${found.join(' and ')}${where}`
  return waived === 0 ? text : `${text}, ${waived} waived`
}

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
function describeProblem({ message, expected, found, hint }: Problem): string {
  return [
    message,
    ...(expected === undefined ? [] : [`Expected: ${expected}`]),
    ...(found === undefined ? [] : [`Found: ${found}`]),
    ...(hint === undefined ? [] : [hint]),
  ].join('\n')
}
