import { setTimeout as sleep } from 'node:timers/promises'
import type { Proof, RunEvent } from '../journal/index.ts'
import { labEnvironment } from '../lab-port/index.ts'
import { runPage } from '../operate/index.ts'
import { drawNumber } from './chance.ts'
import { listFired } from './list-fired.ts'
import { listNotified, waitForNotification } from './list-notified.ts'
import { judgeDrill, type Observations } from './make-proof.ts'
import { type DrillPlan, listFaults } from './plan-drills.ts'
import { readSettings, walkBack } from './walk-back.ts'
import { findSignal } from './watch-signal.ts'
import { type InUse, PATIENCE, seconds, type UsedLab, withLab } from './with-lab.ts'

/** The lab, folders and records that a drill needs. */
export interface DrillWorld extends UsedLab {
  readonly commit: string
  /** What the moment of the fault is drawn from: one time of a drill after another, each has its own. Without it, the fault comes at once. */
  readonly seed?: string
}

/** The longest time for which a seed puts off a fault, in milliseconds: alert rules are computed several times in it, at any time scale of a drill. */
const LONGEST_DELAY = 2000

/** The progress of a drill. */
export type DrillProgress =
  | { readonly type: 'stage'; readonly drill: string; readonly stage: DrillStage; readonly detail?: string }
  | { readonly type: 'run'; readonly drill: string; readonly event: RunEvent }

/**
 * The stages of a drill: start of the lab, run on the healthy lab, faults, alert, notification, run, end of the alert (or that it goes on, when the run
 * escalated), end of the other fault, count, roll-back steps; of the matrix, a page that diagnoses.
 */
export type DrillStage =
  | 'lab'
  | 'control'
  | 'break'
  | 'fire'
  | 'notify'
  | 'diagnose'
  | 'heal'
  | 'clear'
  | 'still'
  | 'undo'
  | 'count'
  | 'walk'

/**
 * Performs one drill in its own lab, under the lab's continuous workload. The page runs on the healthy lab. Then come the fault, its alert,
 * the page again and the end of the alert, which goes on when the page has to escalate. All acknowledged work is counted. A failure of the
 * drill is in the proof's `reason`. Throws only when the lab does not come up. For an unknown fault it throws a `RangeError` before anything
 * starts, because the page would run on a healthy deployment.
 */
export async function runDrill(
  plan: DrillPlan,
  world: DrillWorld,
  listen: (progress: DrillProgress) => void,
): Promise<Proof> {
  const stage = (stage: DrillStage, detail?: string) =>
    listen({ type: 'stage', drill: plan.id, stage, ...(detail === undefined ? {} : { detail }) })
  for (const fault of listFaults(plan.drill))
    if (world.lab.faults?.every(({ name }) => name !== fault)) throw new RangeError(`no fault ${fault}`)
  return withLab(
    world,
    line => stage('lab', line),
    async inUse => {
      if (!inUse)
        return judgeDrill(plan, world, { signal: 'diagnose', failure: 'the lab came up, but does not run any more' })
      return judgeDrill(plan, world, await observe(plan, world, inUse, stage, listen))
    },
  )
}

async function observe(
  plan: DrillPlan,
  world: DrillWorld,
  { status, workload, began, works }: InUse,
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

  const { profile, notProven, versions } = status
  const { intensity, seed } = world
  const made = {
    ...(profile ? { profile } : {}),
    ...(intensity === undefined ? {} : { intensity }),
    ...(seed === undefined ? {} : { seed }),
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

  if (seed !== undefined)
    await sleep(drawNumber(seed, plan.id) * LONGEST_DELAY, undefined, { signal: world.signal }).catch(() => {})
  if (drill.with !== undefined) {
    stage('break', drill.with)
    const other = await breakIt(world, drill.with)
    if (other !== undefined) return stop(other)
  }
  const quiet = await watched?.wait('resolved', 0, world.signal)
  if (quiet?.reached === false) return stop(`before the fault, ${quiet.reason}`)
  stage('break', drill.fault)
  const broken = performance.now()
  const brokenAt = new Date()
  const moments: NonNullable<Proof['moments']> = { broken: seconds(began) }
  found.moments = moments
  const fault = await breakIt(world, drill.fault)
  if (fault !== undefined) return stop(fault)
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
  const heals = drill.escalates === undefined
  if (found.run.state.outcome !== (heals ? 'healed' : 'inconclusive')) return found
  moments[heals ? 'healed' : 'escalated'] = seconds(began)
  if (heals) found.secondsToHeal = seconds(healing)

  if (watched && !heals) {
    stage('still', watched.name)
    const fires = await watched.wait('firing', PATIENCE.still, world.signal)
    if (!fires.reached) return stop(`after the run ${fires.reason}, though nobody healed anything`)
    found.stillFires = true
  }
  if (watched && heals) {
    stage('clear', watched.name)
    const clearing = performance.now()
    const cleared = await watched.wait('resolved', PATIENCE.clear, world.signal)
    if (!cleared.reached) return stop(cleared.reason)
    found.secondsToClear = seconds(clearing)
    moments.cleared = seconds(began)
  }
  if (watched) {
    const fired = await listFired(status, seconds(broken), world.signal)
    if (status.prometheusUrl && !fired) return stop('Prometheus did not say which alerts fired')
    if (fired) found.alsoFired = fired.filter(name => name !== alert)
  }
  if (drill.with !== undefined) {
    const now = await lab.status(directory)
    if (!now?.faults.includes(drill.with)) return stop(`the lab does not say that ${drill.with} remained until then`)
    stage('undo', drill.with)
    const failure = await lab.heal(directory, drill.with).then(() => undefined, String)
    if (failure !== undefined) return stop(`the fault ${drill.with} could not be undone: ${failure}`)
  }
  if (workload) {
    stage('count')
    if (heals && !(await works())) return stop(`the healed lab did not acknowledge ${enough} ${name}`)
    const again = heals ? await watched?.wait('resolved', 0, world.signal) : undefined
    if (again?.reached === false) return stop(`after its end, ${again.reason}`)
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

/** Returns when the fault is in effect, or why it is not. */
export async function breakIt({ lab, directory }: DrillWorld, fault: string): Promise<string | undefined> {
  return lab.break(directory, fault).then(
    () => undefined,
    error => `the fault ${fault} could not be brought about: ${String(error)}`,
  )
}
