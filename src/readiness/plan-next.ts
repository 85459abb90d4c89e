import type { ItemResult, Move, Next } from './assessment.ts'

/** The scores for which the shortest way is computed. */
const GOALS = [90, 100] as const

type Weighed = Pick<ItemResult, 'id' | 'title' | 'weight' | 'result'>

/** What to do next: the items that do not pass, ranked by points gained for each hour. Also the way with the fewest hours to each goal. */
export function planNext(items: readonly Weighed[], effort: Readonly<Record<string, number>>): Next {
  const applying = items.filter(({ result }) => result !== 'not-applicable')
  const whole = applying.reduce((sum, { weight }) => sum + weight, 0)
  const failing = applying.filter(({ result }) => result !== 'passed')
  const points = (weight: number) => Math.round((weight * 1000) / whole) / 10
  const hours = ({ id }: Weighed) => effort[id] ?? 0
  const ranked = failing.toSorted((a, b) => b.weight * hours(a) - a.weight * hours(b) || hours(a) - hours(b))
  const moves: Move[] = ranked.map(item => ({
    item: item.id,
    title: item.title,
    points: points(item.weight),
    hours: hours(item),
  }))
  const passed = whole - failing.reduce((sum, { weight }) => sum + weight, 0)
  const ways = GOALS.flatMap(to => {
    const missing = Math.ceil((to * whole) / 100) - passed
    if (missing <= 0) return []
    const way = findShortest(ranked, missing, hours)
    const gained = way.reduce((sum, { weight }) => sum + weight, 0)
    return [
      {
        to,
        hours: way.reduce((sum, item) => sum + hours(item), 0),
        score: Math.floor(((passed + gained) * 1000) / whole) / 10,
        items: way.map(({ id }) => id),
      },
    ]
  })
  return { moves, ways }
}

/**
 * The items that together weigh at least `missing` for the fewest hours. The result is exact, by dynamic programming over the weight
 * gained.
 */
function findShortest<T extends Weighed>(items: readonly T[], missing: number, hours: (item: T) => number): T[] {
  let best = new Map<number, { hours: number; items: readonly T[] }>([[0, { hours: 0, items: [] }]])
  for (const item of items) {
    const longer = new Map(best)
    for (const [gained, way] of best) {
      const sum = Math.min(gained + item.weight, missing)
      const next = { hours: way.hours + hours(item), items: [...way.items, item] }
      if (next.hours < (longer.get(sum)?.hours ?? Number.POSITIVE_INFINITY)) longer.set(sum, next)
    }
    best = longer
  }
  return [...(best.get(missing)?.items ?? [])]
}
