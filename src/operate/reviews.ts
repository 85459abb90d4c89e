import { listToReview, type RecordedRun, type Review, type ToReview } from '../journal/index.ts'
import { UsageError } from './errors.ts'
import { findRun, findStoreAround } from './find-run.ts'
import type { Ports } from './ports.ts'

/** A step that somebody has to look at, or did. */
export interface ReviewItem extends ToReview {
  readonly run: string
  readonly procedure: string
  readonly environment: string
  /** When the run began: ISO 8601, UTC. */
  readonly started: string
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

/** Lists what ran since a time without another person, and what still waits for a review, however old it is. */
export async function listReviews(since: Date, ports: Pick<Ports, 'cwd' | 'env'>): Promise<Reviews> {
  const store = await findStoreAround(ports)
  const isLate = ({ started }: Pick<ReviewItem, 'started'>) => Date.parse(started) >= since.getTime()
  const all = (await store.list()).runs
  const items = await Promise.all(
    all.flatMap(listItems).map(async (item): Promise<ReviewItem> => {
      const review = await store.readReview(item.run, item.step)
      return review === undefined ? item : { ...item, review }
    }),
  )
  const runs = all.filter(isLate)
  return {
    items: items.filter(item => item.review === undefined || isLate(item)),
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

function listItems(run: RecordedRun): ReviewItem[] {
  const { id, procedure, environment, started } = run
  return listToReview(run).map(item => ({ run: id, procedure, environment, started, ...item }))
}
