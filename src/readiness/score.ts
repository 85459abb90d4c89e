import type { AreaScore, ItemResult } from './assessment.ts'
import type { Area } from './catalogue-schema.ts'

type Weighed = Pick<ItemResult, 'weight' | 'result'>

/**
 * The share of the weight that passes, in percent of all that applies. Unknown items count as not passed. Rounded down to a tenth, so that
 * rounding never reaches a threshold. Null when nothing applies, and when nothing of what applies could be measured.
 */
export function score(items: readonly Weighed[]): number | null {
  const whole = add(items.filter(({ result }) => result !== 'not-applicable'))
  if (whole === 0 || countMeasured(items).measured === 0) return null
  return Math.floor((add(items.filter(({ result }) => result === 'passed')) * 1000) / whole) / 10
}

/** How many of the items that apply came to a result, passed or failed. */
export function countMeasured(items: readonly Pick<ItemResult, 'result'>[]): {
  readonly measured: number
  readonly applying: number
} {
  const applying = items.filter(({ result }) => result !== 'not-applicable')
  return { measured: applying.filter(({ result }) => result !== 'unknown').length, applying: applying.length }
}

/** A score in words, which say how much of it was not measured: `72.5 %`, `72.5 %, 3 of 40 items unknown`, `not measured`. */
export function describeScore(score: number | null, items: readonly Pick<ItemResult, 'result'>[]): string {
  const { measured, applying } = countMeasured(items)
  if (applying === 0) return 'nothing applies'
  if (score === null || measured === 0) return 'not measured'
  const unknown = applying - measured
  return unknown === 0 ? `${score} %` : `${score} %, ${unknown} of ${applying} items unknown`
}

/** The score of an area, beside what was claimed of it. */
export function scoreArea({ id, title, claimed }: Area, items: readonly ItemResult[]): AreaScore {
  return { id, title, score: score(items.filter(({ area }) => area === id)), claimed }
}

function add(items: readonly Weighed[]): number {
  return items.reduce((sum, { weight }) => sum + weight, 0)
}
