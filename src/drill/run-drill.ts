import { waitForAlert } from '../alerts/index.ts'
import type { Proof } from '../journal/index.ts'
import { faults, type Lab, labEnvironment, startLab } from '../lab/index.ts'
import { runPage } from '../operate/index.ts'
import { countUploads } from './count-uploads.ts'
import type { DrillProgress, DrillStage } from './drill-progress.ts'
import { judgeDrill, type Observations } from './judge-drill.ts'
import type { DrillPlan, DrillWorld } from './plan.ts'
import { startTraffic, type Traffic } from './traffic.ts'

/** Uploads that must be acknowledged before the fault, and again after it. */
const UPLOADS = 50
/** Milliseconds. */
const PATIENCE = { uploads: 120_000, fire: 180_000, clear: 180_000, count: 120_000 }

/**
 * Carries out one drill in a lab of its own, under steady upload traffic: the page on a healthy lab, the fault, its alert, the page
 * again, the end of the alert, and a count of everything that was acknowledged. What goes wrong is in the proof's `reason`;
 * only a lab that does not come up throws. Throws a `RangeError`, and starts nothing, for a fault that the lab does not know: the
 * page would be run on a deployment that is well.
 */
export async function runDrill(
  plan: DrillPlan,
  world: DrillWorld,
  listen: (progress: DrillProgress) => void,
): Promise<Proof> {
  const stage = (stage: DrillStage, detail?: string) =>
    listen({ type: 'stage', drill: plan.id, stage, ...(detail === undefined ? {} : { detail }) })
  if (faults.every(({ name }) => name !== plan.drill.fault)) throw new RangeError(`no fault ${plan.drill.fault}`)
  stage('lab')
  const { directory, bundles, rules, timeScale, signal, prometheus } = world
  const lab = await startLab({
    directory,
    bundles,
    rules,
    timeScale,
    signal,
    ...(prometheus === undefined ? {} : { prometheus }),
    log: line => stage('lab', line),
  })
  const traffic = startTraffic(lab.status().url)
  try {
    return judgeDrill(plan, world, await observe(plan, world, lab, traffic, stage, listen))
  } finally {
    await traffic.stop()
    await lab.down({ now: true })
  }
}

async function observe(
  plan: DrillPlan,
  world: DrillWorld,
  lab: Lab,
  traffic: Traffic,
  stage: (stage: DrillStage, detail?: string) => void,
  listen: (progress: DrillProgress) => void,
): Promise<Observations> {
  const { procedure, drill } = plan
  const { alertmanagerUrl } = lab.status()
  const alert = drill.alert ?? procedure.alerts[0]
  const watched = alertmanagerUrl !== undefined && alert !== undefined ? { url: alertmanagerUrl, alert } : undefined
  const environment = labEnvironment(lab.status())
  const run = () => runPage(procedure, environment, world, event => listen({ type: 'run', drill: plan.id, event }))

  const found: Observations = { signal: watched ? 'alertmanager' : 'diagnose', ...(alert ? { alert } : {}) }
  const stop = (failure: string): Observations => ({ ...found, failure })
  if (!(await traffic.waitForMore(UPLOADS, PATIENCE.uploads)))
    return stop(`a healthy lab did not acknowledge ${UPLOADS} uploads`)
  stage('control')
  found.control = await run()
  if (found.control.state.outcome !== 'ruled-out') return found

  stage('break', drill.fault)
  const broken = performance.now()
  const fault = await lab.break(drill.fault).then(() => undefined, String)
  if (fault !== undefined) return stop(`the fault could not be brought about: ${fault}`)
  if (watched) {
    stage('fire', watched.alert)
    const fired = await waitForAlert(
      watched.url,
      { alertname: watched.alert },
      { state: 'firing', timeout: PATIENCE.fire, signal: world.signal },
    )
    if (!fired.reached) return stop(fired.reason)
    found.secondsToFire = seconds(broken)
  }
  stage('heal')
  const healing = performance.now()
  found.run = await run()
  if (found.run.state.outcome !== 'healed') return found
  found.secondsToHeal = seconds(healing)

  if (watched) {
    stage('clear', watched.alert)
    const clearing = performance.now()
    const cleared = await waitForAlert(
      watched.url,
      { alertname: watched.alert },
      { state: 'resolved', timeout: PATIENCE.clear, signal: world.signal },
    )
    if (!cleared.reached) return stop(cleared.reason)
    found.secondsToClear = seconds(clearing)
  }
  stage('count')
  if (!(await traffic.waitForMore(UPLOADS, PATIENCE.uploads)))
    return stop(`the healed lab did not acknowledge ${UPLOADS} uploads`)
  await traffic.stop()
  found.uploads = await countUploads(traffic.acknowledged, lab.status(), PATIENCE.count)
  return found
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}
