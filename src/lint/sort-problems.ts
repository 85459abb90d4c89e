import { formatPlace, type Problem } from '../base/index.ts'
import { RULES } from './rules.ts'

/** Gives each problem without a hint the hint of its rule. */
export function addHints<P extends Problem>(problems: readonly P[]): readonly P[] {
  const hints = new Map(RULES.map(({ id, hint }) => [id, hint]))
  return problems.map(problem => {
    const hint = problem.hint ?? hints.get(problem.rule)
    return hint === undefined ? problem : { ...problem, hint }
  })
}

/** Problems in the order in which a reader goes through the files, each one once. */
export function sortProblems<P extends Problem>(problems: readonly P[]): readonly P[] {
  const unique = new Map(
    problems.map(problem => [`${formatPlace(problem)} ${problem.rule} ${problem.message}`, problem]),
  )
  return [...unique.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
