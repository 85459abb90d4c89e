import type { RunEvent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { Assessment, CheckResult, ItemResult } from './assessment.ts'
import { type Area, averageClaims, type Catalogue, type Item } from './catalogue-schema.ts'
import { collectChecks, listChecks } from './collect-checks.ts'
import { judgeItem } from './judge-item.ts'
import { planNext } from './plan-next.ts'
import { chooseReconstructed, explainNotReconstructed } from './reconstruct.ts'
import { score, scoreArea } from './score.ts'

/** A page, and the events of one run of it. */
export interface AssessedPage {
  readonly page: Procedure
  readonly events: readonly RunEvent[]
}

/** When and where an assessment was made, and of what. */
export type Circumstances = Pick<Assessment, 'environment' | 'profile' | 'date' | 'commit' | 'pages' | 'reconstruction'>

/**
 * Computes an assessment from the runs of its pages, by a catalogue: for every area, or for the areas named. An item that no page checks is
 * unknown.
 */
export function assess(
  runs: readonly AssessedPage[],
  catalogue: Catalogue,
  circumstances: Circumstances,
  areas: readonly string[] = catalogue.areas.map(({ id }) => id),
): Assessment {
  const checks = runs.flatMap(({ page, events }) => {
    const results = collectChecks(page, events)
    return listChecks(page).flatMap((step, index): [readonly string[], CheckResult][] => {
      const result = results[index]
      return result ? [[step.items, result]] : []
    })
  })
  const chosen = catalogue.areas.filter(({ id }) => areas.includes(id))
  const items = chosen.flatMap(area =>
    area.items.map(item => {
      const own = checks.flatMap(([items, result]) => (items.includes(item.id) ? [result] : []))
      const excuse = runs.map(({ page }) => page.notApplicable[item.id]).find(reason => reason !== undefined)
      return judge(area, item, own, excuse, circumstances)
    }),
  )
  const effort = Object.fromEntries(chosen.flatMap(area => area.items.map(({ id, hours }) => [id, hours])))
  return {
    score: score(items),
    areas: chosen.map(area => scoreArea(area, items)),
    items,
    ...(catalogue.claimed ? { claimed: { mean: averageClaims(catalogue), ...catalogue.claimed } } : {}),
    next: planNext(items, effort),
    ...circumstances,
  }
}

function judge(
  area: Area,
  item: Item,
  checks: readonly CheckResult[],
  excuse: string | undefined,
  { reconstruction }: Pick<Circumstances, 'reconstruction'>,
): ItemResult {
  if (!reconstruction) return judgeItem(area, item, checks, excuse)
  const judged = judgeItem(area, item, chooseReconstructed(checks, reconstruction), excuse)
  if (judged.checks.length > 0 || judged.result !== 'unknown') return judged
  return { ...judged, reason: explainNotReconstructed(checks, reconstruction) }
}
