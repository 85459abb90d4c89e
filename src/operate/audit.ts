import { spawnSync } from 'node:child_process'
import { parseDuration } from '../base/index.ts'
import { HANDBOOK_FILE } from '../environments/index.ts'
import { findHandbookRoot } from '../handbook/index.ts'
import type { Actor, RunEvent, RunStore } from '../journal/index.ts'
import { guess, UsageError } from './errors.ts'
import { findStore, openHandbook } from './open-handbook.ts'
import type { Ports } from './ports.ts'

/** What somebody who audits looks for. */
export type AuditKind =
  | 'danger'
  | 'approval'
  | 'break-glass'
  | 'unrecorded'
  | 'roll-back'
  | 'resumed'
  | 'restore'
  | 'unlocked'
  | 'roles'
  | 'review'

/** One thing that was done, by whom and when. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly kind: AuditKind
  readonly by: string
  readonly what: string
  readonly environment?: string
  readonly run?: string
}

/** What was done since a time; `unread`: what could not be looked at, so that nobody takes silence for nothing. */
export interface Audit {
  readonly since: string
  readonly entries: readonly AuditEntry[]
  readonly unread: readonly string[]
}

/** Collects it from the records of runs, from cleared locks, and from the history of handbook.yaml and of pages. Throws a `UsageError` for a time, or an environment, that is none. */
export async function audit(
  { since, environment }: { readonly since: string; readonly environment?: string | undefined },
  { cwd, env }: Pick<Ports, 'cwd' | 'env'>,
  now = new Date(),
): Promise<Audit> {
  const from = readSince(since, now)
  const root = await findHandbookRoot(cwd)
  const store = findStore(root, env)
  const unread: string[] = []
  const entries: AuditEntry[] = []
  const { runs, unreadable } = await store.list()
  for (const name of unreadable) unread.push(await describeUnread(store, name))
  for (const { id } of runs) {
    const recording = await store.read(id)
    if (!recording) unread.push(await describeUnread(store, id))
    else {
      if (recording.badLine !== undefined) unread.push(`run ${id}, from line ${recording.badLine} of its ledger on`)
      entries.push(...readRun(recording.events), ...(await listRunReviews(store, recording.events)))
    }
  }
  const unlocked = await store.unlocked().catch(error => {
    unread.push(`the locks that were cleared: ${error instanceof Error ? error.message : error}`)
    return []
  })
  for (const { time, by, reason, subject } of unlocked) {
    const what = 'run' in subject ? `run ${subject.run}` : subject.procedure
    const where = 'run' in subject ? {} : { environment: subject.environment }
    entries.push({ time, kind: 'unlocked', by: nameActor(by), what: `the lock of ${what}: ${reason}`, ...where })
  }
  if (environment !== undefined && entries.every(entry => entry.environment !== environment)) {
    // One that runs know may be gone from the file.
    const known = Object.keys((await openHandbook(cwd).catch(() => undefined))?.file.environments ?? {})
    if (known.length > 0 && !known.includes(environment))
      throw new UsageError(`handbook.yaml has no environment ${environment}`, guess(environment, known))
  }
  if (root !== undefined) entries.push(...readChanges(root, from, unread))
  const found = entries
    .filter(entry => entry.time >= from)
    // What is of no environment concerns all of them.
    .filter(entry => environment === undefined || entry.environment === undefined || entry.environment === environment)
  return { since: from, entries: found.toSorted((a, b) => (a.time < b.time ? -1 : 1)), unread }
}

/** Whose a run is that cannot be read. */
export async function describeUnread(store: RunStore, run: string): Promise<string> {
  const owner = await store.owner(run)
  return `run ${run}${owner === undefined ? '' : `, which belongs to ${owner}`}`
}

/** A time of which `--since` speaks, as ISO 8601 in UTC. Throws a `UsageError` for one that is none. */
export function readSince(text: string, now: Date): string {
  const duration = parseDuration(text)
  const time = duration === undefined ? Date.parse(text) : now.getTime() - duration
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  throw new UsageError(`--since ${text} is no time`, 'Give a duration or a date, such as 30d or 2026-11-01')
}

function nameActor({ user, host }: Pick<Actor, 'user' | 'host'>): string {
  return `${user}@${host}`
}

/** What a run did that is audited. */
function readRun(events: readonly RunEvent[]): AuditEntry[] {
  const [start] = events
  if (start?.type !== 'run.started') return []
  const { environment, run, procedure } = start
  let by = nameActor(start.by)
  const entry = (time: string, kind: AuditKind, what: string, who = by): AuditEntry => ({
    time,
    kind,
    by: who,
    what,
    environment,
    run,
  })
  return events.flatMap((event): AuditEntry[] => {
    switch (event.type) {
      case 'run.started':
        return [
          ...(event.breakGlass === undefined
            ? []
            : [entry(event.time, 'break-glass', `${procedure}: ${event.breakGlass}`)]),
          ...(event.unrecorded === undefined
            ? []
            : [entry(event.time, 'unrecorded', `${procedure}: ${event.unrecorded}`)]),
          ...(event.rollsBack === undefined ? [] : [entry(event.time, 'roll-back', `run ${event.rollsBack}`)]),
          ...(/restore|point-back/.test(procedure) ? [entry(event.time, 'restore', event.title)] : []),
        ]
      case 'run.claimed':
        by = `${event.person}, as ${nameActor(event.by)} claimed`
        return []
      case 'run.resumed':
        by = nameActor(event.by)
        return [entry(event.time, 'resumed', [procedure, ...(event.accepted ?? [])].join('; accepted: '))]
      case 'step.started':
        return event.risk === 'danger' && event.attempt === 1
          ? [entry(event.time, 'danger', `${procedure} #${event.step}: ${event.title}`)]
          : []
      case 'step.approved':
        return [entry(event.time, 'approval', `${procedure} #${event.step}`, event.by)]
      case 'step.unapproved':
        return [entry(event.time, 'break-glass', `${procedure} #${event.step}: ${event.reason}`, nameActor(event.by))]
      case 'step.output':
        return event.unkept === undefined
          ? []
          : [entry(event.time, 'unrecorded', `${procedure} #${event.step}: ${event.unkept} bytes of output`)]
      default:
        return []
    }
  })
}

/** What somebody said who looked later at the steps of a run that ran without another person. */
async function listRunReviews(store: RunStore, events: readonly RunEvent[]): Promise<AuditEntry[]> {
  const [start] = events
  if (start?.type !== 'run.started') return []
  const { environment, run, procedure } = start
  const steps = events.flatMap(event =>
    event.type === 'step.approved' || event.type === 'step.unapproved' ? event.step : [],
  )
  const reviews = [...new Set(steps)].map(async (step): Promise<readonly AuditEntry[]> => {
    const review = await store.readReview(run, step)
    if (!review) return []
    const what = `${procedure} #${step}: ${review.says}`
    return [{ time: review.time, kind: 'review', by: nameActor(review.by), what, environment, run }]
  })
  return (await Promise.all(reviews)).flat()
}

/** Who changed handbook.yaml, which says who may do what, and who reviewed pages: from the history that git has of them. */
function readChanges(root: string, since: string, unread: string[]): AuditEntry[] {
  const roles = callGit(root, ['log', `--since=${since}`, '--format=%aI%x09%an%x09%h %s', '--', HANDBOOK_FILE])
  const reviews = callGit(root, [
    'log',
    `--since=${since}`,
    '-G^reviewed:',
    '--format=%aI%x09%an%x09%h %s',
    '--',
    '*.md',
    '*.mdx',
  ])
  if (roles === undefined || reviews === undefined) {
    unread.push(`who changed ${HANDBOOK_FILE} or reviewed pages: git has no history of them here`)
    return []
  }
  const dirty = callGit(root, ['status', '--porcelain', '--', HANDBOOK_FILE])
  if (dirty) unread.push(`who changed ${HANDBOOK_FILE} since its last commit`)
  const read = (text: string, kind: AuditKind) =>
    text.split('\n').flatMap((line): AuditEntry[] => {
      const [time, by = '', what = ''] = line.split('\t')
      return time ? [{ time: new Date(time).toISOString(), kind, by, what }] : []
    })
  return [...read(roles, 'roles'), ...read(reviews, 'review')]
}

function callGit(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', [...args], { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}
