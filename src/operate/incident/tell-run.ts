import {
  type ChangeMade,
  type RecordedRun,
  type RunEvent,
  type RunStore,
  readHistory,
  type TimelineEntry,
} from '../../journal/index.ts'

/** What a run did, for the timeline of an incident. */
export interface ToldRun {
  readonly run: string
  readonly entries: readonly TimelineEntry[]
  readonly changes: readonly ChangeMade[]
  /** When it healed, if it did. */
  readonly healed?: string
}

/** What is remembered of runs that are over. */
export type RunMemory = Map<string, { readonly stamp: string; readonly events: readonly RunEvent[] }>

/** How many of the newest runs are looked at first. */
const FIRST = 64

/** The runs of an environment that were under way at some time in an interval, and those whose record is not whole. */
export async function listRunsSince(
  store: RunStore,
  where: {
    readonly environment: string
    readonly deployment: string | undefined
    readonly from: string
    readonly to: string | undefined
  },
): Promise<{ readonly runs: readonly RecordedRun[]; readonly unreadable: readonly string[] }> {
  const { environment, deployment, from, to } = where
  for (let limit = FIRST; ; limit *= 4) {
    const { runs, total } = await store.list({ limit })
    const oldest = runs.at(-1)
    if (oldest && oldest.started >= from && runs.length < total && limit < total) continue
    const there = runs.filter(
      run =>
        run.environment === environment &&
        (deployment === undefined || run.start?.deployment === undefined || run.start.deployment === deployment) &&
        (run.finished ?? from) >= from &&
        (to === undefined || run.started <= to),
    )
    const damaged = there.filter(({ badLine, torn, newer }) => (badLine !== undefined && !torn) || newer !== undefined)
    // A run that has no end and no runner any more belongs to the past that it began in.
    return {
      runs: there.filter(run => run.finished !== undefined || run.running || run.started >= from),
      unreadable: damaged.map(({ id }) => id),
    }
  }
}

/** Tells what a run did: when it began and ended, and what it changed and reverted. */
export async function tellRun(store: RunStore, run: RecordedRun, memory: RunMemory): Promise<ToldRun> {
  const stamp = run.finished === undefined ? '' : `${run.finished} ${run.resumed}`
  const known = memory.get(run.id)
  const events = known && known.stamp === stamp && stamp !== '' ? known.events : await readTelling(store, run.id)
  memory.set(run.id, { stamp, events })
  const history = readHistory(events)
  if (!history) return { run: run.id, entries: [], changes: [] }
  const { started } = history
  const steps = new Map(started.steps.map(step => [step.id, step]))
  const later = await store.laterReverts(run.id)
  const reverters = new Set(later.map(({ step }) => step))
  const changes: ChangeMade[] = []
  const entries: TimelineEntry[] = []
  let by = findClaim(events) ?? started.by.user
  let healed: string | undefined
  for (const [at, event] of events.entries()) {
    const entry = (kind: TimelineEntry['kind'], text: string, who = by) =>
      entries.push({ id: `${run.id}.${event.seq}`, time: event.time, kind, text, by: who, run: run.id })
    if (event.type === 'run.started') entry('run', `Run of “${event.title}” begun`)
    else if (event.type === 'run.resumed') {
      by = findClaim(events.slice(at + 1)) ?? event.by.user
      entry('run', `Run of “${started.title}” resumed`)
    } else if (event.type === 'run.finished') {
      entry('run', `Run of “${started.title}” ended: ${event.outcome.replace('-', ' ')}`)
      if (event.outcome === 'healed') healed = event.time
    } else if (event.type === 'step.approved') entry('run', `“${steps.get(event.step)?.title}” approved`, event.by)
    else if (event.type === 'step.started' && event.risk !== 'read' && event.attempt === 1) {
      const undoes = steps.get(event.step)?.meta?.undoes
      if (undoes === undefined)
        changes.push({ run: run.id, step: event.step, title: event.title, by, time: event.time, state: 'open' })
    } else if (event.type === 'step.finished') {
      const step = steps.get(event.step)
      if (!step || step.risk === 'read' || event.begun === false || event.status === 'skipped') continue
      const undoes = step.meta?.undoes
      if (event.status !== 'passed') entry('change', `“${step.title}” ${event.status}: it may be partially done`)
      else if (undoes === undefined) entry('change', `Changed: ${step.title}`)
      else entry('change', `Reverted “${steps.get(undoes)?.title ?? undoes}”: ${step.title}`)
      if (event.status === 'passed' && undoes === undefined) settle(changes, event.step, 'stands')
      if (event.status === 'passed' && undoes !== undefined) settle(changes, undoes, 'reverted')
    }
  }
  for (const { id, meta } of started.steps)
    if (meta?.undoes !== undefined && reverters.has(id)) settle(changes, meta.undoes, 'reverted')
  return { run: run.id, entries, changes, ...(healed === undefined ? {} : { healed }) }
}

/** Who said that they run it, as the account is several people's, until somebody else resumed it. */
function findClaim(events: readonly RunEvent[]): string | undefined {
  const next = events.find(({ type }) => type === 'run.claimed' || type === 'run.resumed')
  return next?.type === 'run.claimed' ? next.person : undefined
}

/** Says of the last change by a step how it stands. */
function settle(changes: ChangeMade[], step: string, state: ChangeMade['state']): void {
  const at = changes.findLastIndex(change => change.step === step)
  const change = changes[at]
  if (change) changes[at] = { ...change, state }
}

/** A run's events, but for output. */
async function readTelling(store: RunStore, run: string): Promise<readonly RunEvent[]> {
  const events = (await store.read(run))?.events ?? []
  return events.filter(({ type }) => !type.startsWith('step.output'))
}
