import type { CheckResult, ItemResult } from './assessment.ts'
import type { Area, Item } from './catalogue-schema.ts'
import { weigh } from './weights.ts'

/**
 * An item's result. It passes when there is a check and all of them pass. It is not applicable only when it is optional, a page
 * gives the reason, and no check of it came to a result.
 */
export function judgeItem(
  area: Area,
  item: Item,
  checks: readonly CheckResult[],
  notApplicable: string | undefined,
): ItemResult {
  const { id, title, need } = item
  const excused = item.need === 'required' ? undefined : notApplicable?.trim() || undefined
  const told = checks.map(check => (excused === undefined ? check : excuse(check, excused)))
  return { id, area: area.id, title, need, weight: weigh(area, item), ...sumUp(told, excused), checks: told }
}

/** If an item does not apply, an unknown check of it does not apply either. */
function excuse(check: CheckResult, reason: string): CheckResult {
  return check.result === 'unknown' ? { ...check, result: 'not-applicable', reason } : check
}

function sumUp(checks: readonly CheckResult[], excused: string | undefined): Pick<ItemResult, 'result' | 'reason'> {
  const failed = checks.find(({ result }) => result === 'failed')
  if (failed) return { result: 'failed', reason: explain(failed) }
  const unknown = checks.find(({ result }) => result === 'unknown')
  if (unknown) return { result: 'unknown', reason: explain(unknown) }
  if (checks.some(({ result }) => result === 'passed')) return { result: 'passed' }
  if (excused !== undefined) return { result: 'not-applicable', reason: excused }
  return { result: 'unknown', reason: 'no check' }
}

function explain({ title, reason }: CheckResult): string {
  return reason === undefined ? title : `${title}: ${reason}`
}
