import type { RecordedRun, Review } from '../journal/index.ts'
import { UsageError } from './errors.ts'
import { findRun, findStoreAround } from './find-run.ts'
import type { Ports } from './ports.ts'

/** A dangerous step that ran although nobody else had allowed it then: somebody has to look at it. */
export interface ReviewItem {
  readonly run: string
  readonly procedure: string
  readonly environment: string
  readonly step: string
  /** When the run began: ISO 8601, UTC. */
  readonly started: string
  readonly why: 'break-glass' | 'beforehand'
  /** Who ran it, for a broken glass; else what allowed it. */
  readonly by: string
  readonly reason?: string
  /** What somebody said who looked at it. */
  readonly review?: Review
}

/** What ran without another person, and how much that was of all that needs one. */
export interface Reviews {
  readonly items: readonly ReviewItem[]
  /** Dangerous steps that needed an approval, and how many of them ran with a broken glass. */
  readonly guarded: number
  readonly brokenGlass: number
}

/** The share of dangerous steps with a broken glass above which approvals do not work as they are. */
export const TOO_MANY = 0.1

/** Lists what ran since a time without another person. */
export async function listReviews(since: Date, ports: Pick<Ports, 'cwd' | 'env'>): Promise<Reviews> {
  const store = await findStoreAround(ports)
  const runs = (await store.list()).runs.filter(({ started }) => Date.parse(started) >= since.getTime())
  const items = await Promise.all(
    runs.flatMap(listItems).map(async item => {
      const review = await store.readReview(item.run, item.step)
      return review === undefined ? item : { ...item, review }
    }),
  )
  return {
    items,
    guarded: runs.reduce((sum, { approvals, unapproved }) => sum + approvals.length + unapproved.length, 0),
    brokenGlass: runs.reduce((sum, { unapproved }) => sum + unapproved.length, 0),
  }
}

/** Writes down what somebody says who looked at a step. Throws a `UsageError` when there is nothing to review, or nothing is said. */
export async function reviewStep(
  { run, step, says }: { readonly run: string; readonly step: string; readonly says: string },
  ports: Pick<Ports, 'cwd' | 'env' | 'by'>,
): Promise<void> {
  if (says.trim() === '') throw new UsageError('--says wants a few words for people who read this later')
  const { store } = await findRun(run, ports)
  const recorded = (await store.list()).runs.find(({ id }) => id === run)
  const items = recorded ? listItems(recorded) : []
  if (!items.some(item => item.step === step))
    throw new UsageError(
      `Run ${run} has nothing to review at ${step}`,
      items.length === 0 ? 'See what has: handbook runs reviews' : `It has ${items.map(({ step }) => step).join(', ')}`,
    )
  await store.review(run, step, { by: ports.by, time: new Date().toISOString(), says: says.trim() })
}

function listItems({ id, procedure, environment, started, approvals, unapproved }: RecordedRun): ReviewItem[] {
  const common = { run: id, procedure, environment, started }
  return [
    ...unapproved.map(({ step, reason, by }) => {
      return { ...common, step, why: 'break-glass' as const, by: `${by.user}@${by.host}`, reason }
    }),
    ...approvals.flatMap(({ step, by, beforehand }) =>
      beforehand ? [{ ...common, step, why: 'beforehand' as const, by }] : [],
    ),
  ]
}
