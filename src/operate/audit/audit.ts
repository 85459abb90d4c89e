import { join, resolve } from 'node:path'
import { describeFailure, parseDuration } from '../../base/index.ts'
import { HANDBOOK_FILE } from '../../environments/pure.ts'
import { findHandbookRoot, readHandbook } from '../../handbook/index.ts'
import { type Actor, createFileStore, type RunEvent, type RunStore } from '../../journal/index.ts'
import { guess, UsageError } from '../errors.ts'
import { findStore, openHandbook } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { readChanges } from './audit-changes.ts'
import type { AuditEntry, AuditKind } from './audit-entry.ts'

/** What was done since a time; `unread`: what could not be looked at, so that nobody takes silence for nothing. */
export interface Audit {
  readonly since: string
  readonly entries: readonly AuditEntry[]
  readonly unread: readonly string[]
}

/** Collects it from the records of runs, from what is left of pruned ones, from cleared locks, and from the history of handbook.yaml and of pages. Throws a `UsageError` for a time, or an environment, that is none. */
export async function audit(
  { since, environment }: { readonly since: string; readonly environment?: string | undefined },
  { cwd, env }: Pick<Ports, 'cwd' | 'env'>,
  now = new Date(),
): Promise<Audit> {
  const from = readSince(since, now)
  const root = findHandbookRoot(cwd)
  const store = findStore(root, env)
  const unread: string[] = []
  const entries: AuditEntry[] = []
  const failed = (what: string, error: unknown) => {
    unread.push(`${what}: ${describeFailure(error)}`)
    return []
  }
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
  for (const { run, by, pruned, finished, started, ...what } of await store
    .pruned()
    .catch(error => failed('what was pruned', error))) {
    entries.push({
      time: pruned,
      kind: 'pruned',
      by: nameActor(by),
      run,
      what: `${what.procedure}, ${what.outcome}`,
      environment: what.environment,
    })
    if ((finished || started) >= from) unread.push(`run ${run}, which was pruned`)
  }
  for (const { run } of await store.missing()) unread.push(`run ${run}, which somebody removed`)
  for (const place of [store, ...(await openSharedLocks(root, unread))])
    for (const { time, by, reason, subject } of await place
      .unlocked()
      .catch(error => failed('the locks that were cleared', error))) {
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

/** The folders outside this checkout in which environments lock: who clears a lock there is recorded there. */
async function openSharedLocks(root: string | undefined, unread: string[]): Promise<Pick<RunStore, 'unlocked'>[]> {
  if (root === undefined) return []
  const read = await readHandbook(root)
  if ('problems' in read) {
    unread.push(`the locks that were cleared in shared folders: ${HANDBOOK_FILE} cannot be read`)
    return []
  }
  const folders = Object.values(read.handbook.file.environments).flatMap(({ lock }) =>
    lock === undefined ? [] : [resolve(root, lock)],
  )
  return [...new Set(folders)].map(folder => createFileStore(join(folder, 'runs')))
}

/** A day, perhaps with a time of day and a zone. Source: the date time string format of ECMA-262. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** A time of which `--since` speaks, as ISO 8601 in UTC. Throws a `UsageError` for one that is none. */
export function readSince(text: string, now: Date): string {
  const duration = parseDuration(text)
  const day = MOMENT.exec(text)?.[1]
  // Some engines roll 31 February over to March.
  const isReal = day !== undefined && new Date(Date.parse(day) || 0).toISOString().startsWith(day)
  const time = duration === undefined ? (isReal ? Date.parse(text) : Number.NaN) : now.getTime() - duration
  if (!Number.isNaN(time)) return new Date(Math.max(0, time)).toISOString()
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
    const own = review.own ? '; their own step, and nobody else was named who could review it' : ''
    const what = `${procedure} #${step}: ${review.says}${own}`
    const by =
      review.claims === undefined ? nameActor(review.by) : `${review.claims}, as ${nameActor(review.by)} claimed`
    return [{ time: review.time, kind: 'review', by, what, environment, run }]
  })
  return (await Promise.all(reviews)).flat()
}
