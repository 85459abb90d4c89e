import { formatDuration, parseDuration } from '../base/index.ts'
import type { HandbookFile } from '../environments/index.ts'
import type { Procedure } from '../procedure/index.ts'

/** What is not in order with a page, but keeps nobody from running it. */
export function findWarnings({ reviewed, problems }: Procedure, file: HandbookFile | undefined, now: Date): string[] {
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message)
  const since = reviewed === undefined ? Number.NaN : Date.parse(reviewed)
  const limit = parseDuration(file?.reviewEvery ?? '')
  const overdue = limit === undefined ? 0 : now.getTime() - since - limit
  if (overdue > 0) warnings.push(`last reviewed ${reviewed}: overdue for ${formatDuration(overdue)}`)
  return warnings
}
