import { formatPlace, type Problem } from '../base/index.ts'
import type { PublishedPage } from './published-pages.ts'
import type { ProblemCard } from './site-data.ts'

/** Problems for whoever writes: errors first, each with the address of its page. */
export function showProblems(
  problems: readonly Problem[],
  published: ReadonlyMap<string, PublishedPage>,
): readonly ProblemCard[] {
  const ordered = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return ordered.map(problem => {
    const { file, severity, message, found, expected, hint } = problem
    const permalink = published.get(file)?.permalink
    return {
      place: formatPlace(problem),
      severity,
      message,
      ...(permalink ? { permalink } : {}),
      ...(found ? { found } : {}),
      ...(expected ? { expected } : {}),
      ...(hint ? { hint } : {}),
    }
  })
}
