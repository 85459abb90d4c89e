import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration } from '../../base/index.ts'
import type { Practice, RecordedRun } from '../../journal/index.ts'
import { LabError, type LabStatus } from '../../lab-port/index.ts'
import type { PracticeWorld } from './open-practice-lab.ts'
import type { PracticePlan } from './plan-practice.ts'
import type { PracticeMoments } from './score-practice.ts'
import { type Paged, watchPager } from './watch-pager.ts'

/** What somebody on call sees and does. */
export type OnCallProgress =
  | { readonly type: 'paged'; readonly paged: Paged }
  /** The awaited alert fires no more. */
  | { readonly type: 'cleared' }
  /** A run began; with an outcome, it ended. */
  | { readonly type: 'run'; readonly run: RecordedRun }
  /** All is healed, but a run goes on. */
  | { readonly type: 'waiting'; readonly run: RecordedRun }

/** How it went. */
export interface OnCall {
  readonly outcome: Practice['outcome']
  readonly moments: PracticeMoments
  /** The runs that were begun since the lab was broken. */
  readonly runs: readonly RecordedRun[]
}

/** A broken lab. */
interface Broken {
  /** The name of the environment. */
  readonly environment: string
  readonly status: LabStatus
  /** Since when. */
  readonly date: Date
}

/** Milliseconds between two looks. */
const LOOK_EVERY = 500
/** Milliseconds that a run gets to end by itself once all is healed. */
const GRACE = 10_000
/** How many of the newest runs are looked at. */
const NEWEST = 50
/** Milliseconds until the alert has to fire. A drill says what it takes under much work: a few customers may need twice as long. */
const PATIENCE = 180_000

/**
 * Waits until a broken lab was healed: until the alert does not fire, and either the lab says that its fault is not in effect any more, or
 * a run of a page that a drill names ended healed. Runs that go on are waited for. Throws when the alert did not fire in time, and when the
 * lab ended.
 */
export async function beOnCall(
  plan: PracticePlan,
  broken: Broken,
  { lab, directory, store, signal }: Pick<PracticeWorld, 'lab' | 'directory' | 'store' | 'signal'>,
  listen: (progress: OnCallProgress) => void,
): Promise<OnCall> {
  const began = broken.date.getTime()
  const pager = watchPager(plan.alerts, broken.status)
  const told = new RunTeller(listen)
  const patience = Math.max(PATIENCE, ...plan.cures.map(({ drill }) => 2 * (drill.within?.fire ?? 0)))
  let [fired, healed]: (number | undefined)[] = []
  let isFiring = false
  let runs: readonly RecordedRun[] = []
  for (;;) {
    const look = await pager.look()
    const status = await lab.status(directory)
    runs = (await store.list({ limit: NEWEST })).runs.filter(run => isIn(run, broken))
    if (signal.aborted) break
    if (!status) throw new LabError('stopped', 'the lab ended while somebody practised')
    for (const paged of look.paged) listen({ type: 'paged', paged })
    told.look(runs)
    if (look.firing) fired ??= Date.now()
    else if (isFiring && look.firing === false) listen({ type: 'cleared' })
    isFiring = look.firing ?? isFiring
    const isGone = isHealedBy(plan, runs) || (fired !== undefined && !status.faults.includes(plan.fault))
    healed = isGone && look.firing === false ? (healed ?? Date.now()) : undefined
    const underWay = runs.find(({ running }) => running)
    if (healed !== undefined && !underWay)
      return { outcome: 'healed', moments: { broken: began, ...omit({ fired, healed }) }, runs }
    if (healed !== undefined && underWay && Date.now() - healed > GRACE) told.wait(underWay)
    if (fired === undefined && !isGone && Date.now() - began > patience)
      throw new LabError(
        'part-failed',
        `${plan.alerts.join(', ')} did not fire within ${formatDuration(patience)}: nobody was paged`,
      )
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
  }
  return { outcome: 'gave-up', moments: { broken: began, ...omit({ fired }) }, runs }
}

/** Tells each run when it began, and when it ended. */
class RunTeller {
  readonly #listen: (progress: OnCallProgress) => void
  readonly #told = new Map<string, string>()
  #waited: string | undefined

  constructor(listen: (progress: OnCallProgress) => void) {
    this.#listen = listen
  }

  look(runs: readonly RecordedRun[]): void {
    for (const run of runs.toReversed()) {
      const state = run.outcome ?? (run.running ? 'running' : 'unknown')
      if (this.#told.get(run.id) === state) continue
      this.#told.set(run.id, state)
      this.#listen({ type: 'run', run })
    }
  }

  wait(run: RecordedRun): void {
    if (this.#waited === run.id) return
    this.#waited = run.id
    this.#listen({ type: 'waiting', run })
  }
}

/** Whether a run was begun in the lab since it was broken. */
function isIn({ environment, start, started }: RecordedRun, broken: Broken): boolean {
  const { id } = broken.status
  const isThere =
    id === undefined || start?.deployment === undefined ? environment === broken.environment : start.deployment === id
  return isThere && Date.parse(started) >= broken.date.getTime()
}

function isHealedBy({ cures }: PracticePlan, runs: readonly RecordedRun[]): boolean {
  return runs.some(({ procedure, outcome }) => outcome === 'healed' && cures.some(({ page }) => page.id === procedure))
}

function omit({
  fired,
  healed,
}: {
  fired?: number | undefined
  healed?: number | undefined
}): Omit<PracticeMoments, 'broken'> {
  return { ...(fired === undefined ? {} : { fired }), ...(healed === undefined ? {} : { healed }) }
}
