import { formatPlace, type Problem, type WaivedProblem } from '../base/index.ts'
import { countProblems } from './count-problems.ts'
import { type Cell, writeMarkdownTable } from './markdown-table.ts'
import type { ReportedRule } from './problems-sarif.ts'

/** Problems for a comment on a change: how many there are, and a table of them. */
export function formatProblemsMarkdown(
  problems: readonly Problem[],
  waived: readonly WaivedProblem[],
  pages: number,
  rules: readonly ReportedRule[],
): string {
  const name = (rule: string): Cell => {
    const url = rules.find(({ id }) => id === rule)?.url
    return url === undefined ? { code: rule } : { text: rule, url }
  }
  return writeMarkdownTable(
    countProblems(problems, pages, waived.length),
    ['Place', 'Severity', 'Rule', 'Problem'],
    problems.map(problem => [
      { code: formatPlace(problem) },
      problem.severity,
      name(problem.rule),
      [problem.message, problem.hint ?? ''].join('. '),
    ]),
  )
}
