import { setTimeout as sleep } from 'node:timers/promises'
import type { Proof, RunEvent } from '../journal/index.ts'
import { type LabStatus, labEnvironment, type RunningWorkload } from '../lab-port/index.ts'
import { type LabWorld, runPage } from '../operate/index.ts'
import { listFired } from './list-fired.ts'
import { listNotified, waitForNotification } from './list-notified.ts'
import { judgeDrill, type Observations } from './make-proof.ts'
import type { DrillPlan } from './plan-drills.ts'
import { readSettings, walkBack } from './walk-back.ts'
import { findSignal } from './watch-signal.ts'

/** The lab, folders and records that a drill needs. */
export interface DrillWorld extends LabWorld {
  readonly commit: string
}

/** The progress of a drill. */
export type DrillProgress =
  | { readonly type: 'stage'; readonly drill: string; readonly stage: DrillStage; readonly detail?: string }
  | { readonly type: 'run'; readonly drill: string; readonly event: RunEvent }

/** The stages of a drill: start of the lab, run on the healthy lab, fault, alert, notification, run, end of the alert, count, roll-back steps. */
export type DrillStage = 'lab' | 'control' | 'break' | 'fire' | 'notify' | 'heal' | 'clear' | 'count' | 'walk'

/** The longest waits of each stage, in milliseconds. */
const PATIENCE = { work: 120_000, fire: 180_000, notify: 30_000, clear: 180_000, count: 120_000 }

/**
 * Performs one drill in its own lab, under the lab's continuous workload. The page runs on the healthy lab. Then come the fault, its alert,
 * the page again and the end of the alert, and all acknowledged work is counted. A failure of the drill is in the proof's `reason`. Throws
 * only when the lab does not come up. For an unknown fault it throws a `RangeError` before anything starts, because the page would run on a
 * healthy deployment.
 */
export async function runDrill(
  plan: DrillPlan,
  world: DrillWorld,
  listen: (progress: DrillProgress) => void,
): Promise<Proof> {
  const stage = (stage: DrillStage, detail?: string) =>
    listen({ type: 'stage', drill: plan.id, stage, ...(detail === undefined ? {} : { detail }) })
  const { lab, directory, rules, timeScale, signal, prometheus, profile } = world
  if (lab.faults?.every(({ name }) => name !== plan.drill.fault)) throw new RangeError(`no fault ${plan.drill.fault}`)
  stage('lab')
  await lab.up({
    directory,
    rules,
    timeScale,
    signal,
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(profile === undefined ? {} : { profile }),
    log: line => stage('lab', line),
  })
  let workload: RunningWorkload | undefined
  try {
    const status = await lab.status(directory)
    if (!status)
      return judgeDrill(plan, world, { signal: 'diagnose', failure: 'the lab came up, but does not run any more' })
    const began = performance.now()
    workload = lab.workload?.start(status)
    return judgeDrill(plan, world, await observe(plan, world, { status, workload, began }, stage, listen))
  } finally {
    await workload?.stop()
    await lab.down(directory, { now: true })
  }
}

/** A lab that runs and is used. */
interface InUse {
  readonly status: LabStatus
  readonly workload: RunningWorkload | undefined
  /** When its use began, by this process's monotonic clock. */
  readonly began: number
}

async function observe(
  plan: DrillPlan,
  world: DrillWorld,
  { status, workload, began }: InUse,
  stage: (stage: DrillStage, detail?: string) => void,
  listen: (progress: DrillProgress) => void,
): Promise<Observations> {
  const { procedure, drill } = plan
  const { lab, directory } = world
  const { name = '', enough = 0 } = lab.workload ?? {}
  const alert = drill.alert ?? procedure.alerts[0]
  const watched = findSignal(alert, status)
  const environment = labEnvironment(status)
  const run = () => runPage(procedure, environment, world, event => listen({ type: 'run', drill: plan.id, event }))
  const works = () => waitForMore(workload, enough, PATIENCE.work, world.signal)

  const { profile, notProven, versions } = status
  const made = {
    ...(profile ? { profile } : {}),
    ...(notProven ? { notProven: [...notProven] } : {}),
    ...(versions ? { versions } : {}),
  }
  const found: Observations = { signal: watched?.kind ?? 'diagnose', made, ...(alert ? { alert } : {}) }
  const stop = (failure: string): Observations => ({ ...found, failure })
  if (!(await works())) return stop(`a healthy lab did not acknowledge ${enough} ${name}`)
  stage('control')
  found.control = await run()
  if (found.control.state.outcome !== 'ruled-out') return found
  const tooEarly = await listFired(status, seconds(began), world.signal)
  if (status.prometheusUrl && !tooEarly) return stop('Prometheus did not say which alerts fired on a healthy lab')
  if (tooEarly && tooEarly.length > 0) return stop(`on a healthy lab ${tooEarly.join(', ')} fired`)

  stage('break', drill.fault)
  const broken = performance.now()
  const brokenAt = new Date()
  const moments: NonNullable<Proof['moments']> = { broken: seconds(began) }
  found.moments = moments
  const fault = await lab.break(directory, drill.fault).then(() => undefined, String)
  if (fault !== undefined) return stop(`the fault could not be brought about: ${fault}`)
  if (watched) {
    stage('fire', watched.name)
    const fired = await watched.wait('firing', PATIENCE.fire, world.signal)
    if (!fired.reached) return stop(fired.reason)
    found.secondsToFire = seconds(broken)
    moments.fired = seconds(began)
  }
  const { notifications } = status
  if (watched && alert !== undefined && notifications) {
    stage('notify', alert)
    const wait = { since: brokenAt, timeout: PATIENCE.notify, stop: world.signal }
    const missed = await waitForNotification(notifications, alert, wait)
    if (missed !== undefined) return stop(missed)
  }
  const { walk = [] } = drill
  if (walk.length > 0 && !lab.look)
    return stop('this lab does not say what is set in it, so no roll-back step can be walked')
  const before = walk.length > 0 ? await readSettings(world).catch(String) : {}
  if (typeof before === 'string') return stop(before)
  stage('heal')
  const healing = performance.now()
  moments.healing = seconds(began)
  found.run = await run()
  if (found.run.state.outcome !== 'healed') return found
  found.secondsToHeal = seconds(healing)
  moments.healed = seconds(began)

  if (watched) {
    stage('clear', watched.name)
    const clearing = performance.now()
    const cleared = await watched.wait('resolved', PATIENCE.clear, world.signal)
    if (!cleared.reached) return stop(cleared.reason)
    found.secondsToClear = seconds(clearing)
    moments.cleared = seconds(began)
    const fired = await listFired(status, seconds(broken), world.signal)
    if (fired) found.alsoFired = fired.filter(name => name !== alert)
  }
  if (workload) {
    stage('count')
    if (!(await works())) return stop(`the healed lab did not acknowledge ${enough} ${name}`)
    await workload.stop()
    found.felt = workload.felt()
    const { lost, counts = {} } = await workload.verify(PATIENCE.count)
    found.workload = { name, acknowledged: workload.acknowledged(), lost, counts }
  }
  if (notifications) {
    const notified = await listNotified(notifications, brokenAt, world.signal).catch(String)
    if (typeof notified === 'string') return stop(`who was notified is unknown: ${notified}`)
    found.notified = notified
  }
  if (walk.length === 0) return found
  stage('walk', walk.join(', '))
  return { ...found, ...(await walkBack(plan, { run: found.run, before, status }, world, listen)) }
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}

/**
 * Waits until `more` further acknowledgements of a workload. Returns `false` at the timeout in milliseconds, or when it was cancelled.
 * Without a workload it returns at once.
 */
async function waitForMore(
  workload: Pick<RunningWorkload, 'acknowledged'> | undefined,
  more: number,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!workload) return true
  const wanted = workload.acknowledged() + more
  const deadline = Date.now() + timeout
  while (workload.acknowledged() < wanted) {
    if (Date.now() > deadline || signal.aborted) return false
    await sleep(50)
  }
  return true
}
