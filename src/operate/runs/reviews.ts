import type { HandbookFile } from '../../environments/index.ts'
import { listToReview, type RecordedRun, type Review, type RunEvent, type ToReview } from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import { openHandbook } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { findRun, findStoreAround } from './find-run.ts'

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

/** What a reviewer says of a step. */
export interface SaidReview {
  readonly run: string
  readonly step: string
  readonly says: string
  /** Who somebody on an account that several people use says that they are. */
  readonly as?: string | undefined
}

/**
 * Writes down what somebody says who looked at a step. Throws a `UsageError` when there is nothing to review, or nothing is said, and a
 * `RefusedError` for who ran it, as long as the environment names somebody else.
 */
export async function reviewStep(
  { run, step, says, as }: SaidReview,
  ports: Pick<Ports, 'cwd' | 'env' | 'by'>,
): Promise<Review> {
  if (says.trim() === '') throw new UsageError('--says wants a few words for people who read this later')
  const { store, recording } = await findRun(run, ports)
  const recorded = (await store.list()).runs.find(({ id }) => id === run)
  const items = recorded ? listItems(recorded) : []
  if (!items.some(item => item.step === step))
    throw new UsageError(
      `Run ${run} has nothing to review at ${step}`,
      items.length === 0 ? 'See what has: handbook runs reviews' : `It has ${items.map(({ step }) => step).join(', ')}`,
    )
  const environment = await findEnvironment(recorded?.environment, ports.cwd)
  const { user } = ports.by
  const isShared = environment?.sharedAccount === true || user === 'root'
  if (as !== undefined && !isShared)
    throw new UsageError(`--as is for an account that several people use, and ${user} is one person's`)
  const who = as ?? user
  const ran = listWhoRan(recording.events)
  const isOwn = ran.some(name => isSame(name, who))
  const others = listNamed(environment).filter(name => !ran.some(one => isSame(one, name)))
  if (isOwn && others.length > 0)
    throw new RefusedError(
      `${who} ran #${step}, so another person reviews it: ${others.join(', ')}`,
      isShared ? 'Say who you are: --as NAME' : 'Ask one of them',
    )
  const said: Review = {
    by: ports.by,
    time: new Date().toISOString(),
    says: says.trim(),
    ...(as === undefined ? {} : { claims: as }),
    ...(isOwn ? { own: true as const } : {}),
  }
  await store.review(run, step, said)
  return said
}

/** Everybody who ran it at some time: accounts, and who they said that they were. An account of several people is nobody then. */
function listWhoRan(events: readonly RunEvent[]): string[] {
  const persons = events.flatMap(event => (event.type === 'run.claimed' ? [event.person] : []))
  const accounts = events.flatMap(event =>
    event.type === 'run.started' || event.type === 'run.resumed' ? [event.by.user] : [],
  )
  return [...new Set([...persons, ...accounts])]
}

/** An environment as `handbook.yaml` states it. */
type Written = HandbookFile['environments'][string]

function isSame(one: string, other: string): boolean {
  return one.normalize().toLowerCase() === other.normalize().toLowerCase()
}

/** An environment as the handbook states it today; nothing when it is not there any more. */
async function findEnvironment(wanted: string | undefined, cwd: string): Promise<Written | undefined> {
  const handbook = await openHandbook(cwd)
  return Object.entries(handbook?.file.environments ?? {}).find(([name]) => name === wanted)?.[1]
}

/** Everybody who is named in an environment. */
function listNamed(environment: Written | undefined): string[] {
  const { approvers = {}, roles = {} } = environment ?? {}
  return [...new Set([...Object.keys(approvers), ...Object.values(roles).flat()])]
}

function listItems(run: RecordedRun): ReviewItem[] {
  const { id, procedure, environment, started } = run
  return listToReview(run).map(item => ({ run: id, procedure, environment, started, ...item }))
}
