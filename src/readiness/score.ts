import type { AreaScore, ItemResult } from './assessment.ts'
import type { Area } from './catalogue.ts'

type Weighed = Pick<ItemResult, 'weight' | 'result'>

/**
 * The share of the weight that passes, in percent of all that applies. Unknown items count as not passed. Rounded down to a tenth, so that
 * rounding never reaches a threshold. Null when nothing applies.
 */
export function score(items: readonly Weighed[]): number | null {
  const whole = add(items.filter(({ result }) => result !== 'not-applicable'))
  if (whole === 0) return null
  return Math.floor((add(items.filter(({ result }) => result === 'passed')) * 1000) / whole) / 10
}

/** The score of an area, beside what was claimed of it. */
export function scoreArea({ id, title, claimed }: Area, items: readonly ItemResult[]): AreaScore {
  return { id, title, score: score(items.filter(({ area }) => area === id)), claimed }
}

function add(items: readonly Weighed[]): number {
  return items.reduce((sum, { weight }) => sum + weight, 0)
}
