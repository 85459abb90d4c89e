import type { LabContent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type Assessment, countMeasured, describeScore } from '../readiness/index.ts'
import { hasChanged, sayWhere } from './say-measured.ts'

/** What was measured of a deployment that was made worse on purpose, to be what was claimed of it once. */
export interface ReconstructedCard {
  /** The score in percent, or in words why there is none. */
  readonly figure: string
  readonly environment: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly commit: string
  /** How many mutations were in effect together. */
  readonly made: number
  /** How many items apply, how many of them came to a result, and how many of those failed. */
  readonly items: { readonly all: number; readonly measured: number; readonly failed: number }
  /** The items that passed although something that they guard was broken. */
  readonly passed: readonly Told[]
  /** The items of which nothing was broken, each with the reason. */
  readonly unknown: readonly (Told & { readonly reason: string })[]
  /** The mutations that were not made, each with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[]
  /** The score of each area in words, by the area's id. */
  readonly areas: Readonly<Record<string, string>>
  /** What has changed since: titles of areas, and names of mutations. */
  readonly changed: readonly string[]
}

type Told = Pick<Assessment['items'][number], 'id' | 'title'>

/** The card of a reconstruction, if one was kept. It says what has changed since. */
export function viewReconstructed(
  assessment: Assessment | undefined,
  pages: readonly Procedure[],
  lab: LabContent | undefined,
): ReconstructedCard | null {
  const { reconstruction } = assessment ?? {}
  if (!assessment || !reconstruction) return null
  const { score, items, areas, date, commit } = assessment
  const says = describeScore(score, items)
  const { measured, applying } = countMeasured(items)
  const count = (wanted: string) => items.filter(({ result }) => result === wanted)
  const changed = Object.entries(reconstruction.made).filter(([name, hash]) => lab && lab.faults[name]?.hash !== hash)
  return {
    figure: says.split(', ')[0] ?? says,
    environment: sayWhere(assessment),
    date,
    commit,
    made: Object.keys(reconstruction.made).length,
    items: { all: applying, measured, failed: count('failed').length },
    passed: count('passed').map(({ id, title }) => ({ id, title })),
    unknown: count('unknown').map(({ id, title, reason = '' }) => ({ id, title, reason: reason.split('\n')[0] ?? '' })),
    leftOut: Object.entries(reconstruction.leftOut).map(([name, reason]) => ({ name, reason })),
    areas: Object.fromEntries(
      areas.map(({ id, score }) => [
        id,
        describeScore(
          score,
          items.filter(({ area }) => area === id),
        ),
      ]),
    ),
    changed: [
      ...areas.filter(({ id }) => hasChanged(id, pages, assessment)).map(({ title }) => title),
      ...changed.map(([name]) => name),
    ],
  }
}
