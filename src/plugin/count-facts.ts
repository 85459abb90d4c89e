import type { DrillState } from '../lint/index.ts'
import type { Scorecard } from './scorecard.ts'

/** What is known of the handbook, in a few numbers for the front page. */
export interface FrontPageFacts {
  readonly drills: {
    readonly all: number
    readonly proven: number
    /** The day of the newest valid proof. */
    readonly latest: string | null
  }
  /** The last assessment; null when none was kept. */
  readonly readiness: null | {
    /** In percent, or in words why there is none. */
    readonly score: string
    readonly date: string
    readonly items: number
    readonly passed: number
    readonly checks: number
    readonly provenChecks: number
  }
}

/** Counts what drills have proven and what the last assessment found. */
export function countFacts(drills: readonly DrillState[], scorecard: Scorecard): FrontPageFacts {
  const proven = drills.flatMap(({ proof }) => (proof.state === 'proven' ? [proof.proof.date.slice(0, 10)] : []))
  const items = scorecard?.areas.flatMap(area => area.items).filter(({ result }) => result !== 'not-applicable') ?? []
  return {
    drills: { all: drills.length, proven: proven.length, latest: proven.toSorted().at(-1) ?? null },
    readiness: scorecard && {
      score: scorecard.headline.figure,
      date: scorecard.date.slice(0, 10),
      items: items.length,
      passed: items.filter(({ result }) => result === 'passed').length,
      checks: scorecard.checks.all,
      provenChecks: scorecard.checks.proven,
    },
  }
}
