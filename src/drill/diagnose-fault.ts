import { countOf } from '../base/index.ts'
import { type Diagnosis, judgeDiagnosis, type MatrixRow } from '../journal/index.ts'
import { labEnvironment } from '../lab-port/index.ts'
import { runPage } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { listFired } from './list-fired.ts'
import { breakIt, type DrillStage, type DrillWorld } from './run-drill.ts'
import { findSignal } from './watch-signal.ts'
import { type InUse, PATIENCE, seconds, withLab } from './with-lab.ts'

/** A fault, the alerts that tell of it, and every page that could be taken for the right one. */
export interface FaultPlan {
  readonly fault: string
  readonly alerts: readonly string[]
  readonly pages: readonly Procedure[]
}

/**
 * Brings a fault about in a lab of its own, awaits its alerts, and runs every page there as far as it only reads: those that heal the fault
 * first. Each is judged by what it said. A failure on the way is in the row.
 */
export async function diagnoseFault(
  plan: FaultPlan,
  world: DrillWorld,
  stage: (stage: DrillStage, detail?: string) => void,
): Promise<MatrixRow> {
  const { fault, alerts } = plan
  const row = { fault, alerts, commit: world.commit, date: new Date().toISOString(), pages: [] }
  return withLab(
    world,
    line => stage('lab', line),
    async (inUse): Promise<MatrixRow> => {
      if (!inUse) return { ...row, failure: 'the lab came up, but does not run any more' }
      const failure = await breakAndWait(plan, world, inUse, stage)
      if (failure !== undefined) return { ...row, failure }
      const began = performance.now()
      const pages = await diagnose(plan, world, inUse, stage)
      const fired = await listFired(inUse.status, seconds(began), world.signal)
      return { ...row, pages, ...(fired ? { fired } : {}) }
    },
  )
}

/** Returns why the fault is not there, or nothing told of it. */
async function breakAndWait(
  { fault, alerts }: FaultPlan,
  world: DrillWorld,
  { status, works }: InUse,
  stage: (stage: DrillStage, detail?: string) => void,
): Promise<string | undefined> {
  if (!(await works())) return 'the healthy lab did not acknowledge enough'
  stage('break', fault)
  const broken = await breakIt(world, fault)
  if (broken !== undefined) return broken
  for (const alert of alerts) {
    const watched = findSignal(alert, status)
    if (!watched) return 'no Alertmanager: nothing tells that the fault is there'
    stage('fire', watched.name)
    const fired = await watched.wait('firing', PATIENCE.fire, world.signal)
    if (!fired.reached) return fired.reason
  }
  return undefined
}

/** How many pages run at the same time, once those that heal the fault have. */
const AT_ONCE = 3

async function diagnose(
  { fault, pages }: FaultPlan,
  world: DrillWorld,
  { status }: InUse,
  stage: (stage: DrillStage, detail?: string) => void,
): Promise<readonly Diagnosis[]> {
  const found = new Map<Procedure, Diagnosis>()
  const run = async (page: Procedure, own: boolean) => {
    world.signal.throwIfAborted()
    const { state } = await runPage(page, labEnvironment(status), world, () => {}, { mode: 'reading' })
    const changing = page.phases.flatMap(({ steps }) => steps.flatMap(({ id, risk }) => (risk === 'read' ? [] : [id])))
    const escalates = page.drills.every(drill => drill.fault !== fault || drill.escalates !== undefined)
    found.set(page, judgeDiagnosis(state, { own, escalates, changing }))
  }
  const isOwn = ({ drills }: Procedure) => drills.some(drill => drill.fault === fault)
  for (const page of pages.filter(isOwn)) {
    stage('diagnose', page.id)
    await run(page, true)
  }
  const others = pages.filter(page => !isOwn(page))
  stage('diagnose', `each of ${countOf(others.length, 'other page')}`)
  const takeNext = async () => {
    for (let page = others.shift(); page; page = others.shift()) await run(page, false)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeNext))
  return pages.flatMap(page => found.get(page) ?? [])
}
