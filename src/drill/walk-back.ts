import { type Proof, readHistory } from '../journal/index.ts'
import { LabError, type LabStatus, labEnvironment, type Settings } from '../lab-port/index.ts'
import { type DrilledRun, runPage } from '../operate/index.ts'
import type { DrillPlan } from './plan-drills.ts'
import type { DrillProgress, DrillWorld } from './run-drill.ts'

type Walked = NonNullable<Proof['walked']>[number]

/** What came of walking roll-back steps; with the reason when one did not restore what was before. */
export interface WalkedBack {
  readonly walked: Walked[]
  readonly failure?: string
}

/** A run that healed, and what was set before it. */
export interface HealedRun {
  readonly run: DrilledRun
  readonly before: Settings
  readonly status: LabStatus
}

/** Walks the roll-back steps that a drill names, in its order. After each, what it changed must be as it was before the run. */
export async function walkBack(
  plan: DrillPlan,
  healed: HealedRun,
  world: DrillWorld,
  listen: (progress: DrillProgress) => void,
): Promise<WalkedBack> {
  const walked: Walked[] = []
  try {
    const failure = await walkEach(plan, healed, world, listen, walked)
    return { walked, ...(failure === undefined ? {} : { failure }) }
  } catch (error) {
    if (error instanceof LabError) return { walked, failure: error.message }
    throw error
  }
}

/** Adds each step that was walked to `walked`. Returns the reason when one did not restore what was before. */
async function walkEach(
  { procedure, drill, id }: DrillPlan,
  { run, before, status }: HealedRun,
  world: DrillWorld,
  listen: (progress: DrillProgress) => void,
  walked: Walked[],
): Promise<string | undefined> {
  const look = () => readSettings(world)
  const history = readHistory(run.events)
  if (!history) return 'the run has no start event, so nothing of it can be rolled back'
  const results = new Map(history.results)
  for (const step of drill.walk ?? []) {
    const healed = await look()
    const from = run.events.at(-1)?.seq ?? 0
    const rollsBack = { run: run.state.id, from, step, history: { ...history, results: new Map(results) } }
    const back = await runPage(
      procedure,
      labEnvironment(status),
      world,
      event => listen({ type: 'run', drill: id, event }),
      { rollsBack },
    )
    if (back.state.outcome !== 'passed')
      return `#${step} was walked and ended as ${back.state.outcome}: ${back.state.reason ?? ''}`
    results.set(step, { status: 'passed' })
    const { restored, wrong } = compareSettings(before, healed, await look())
    if (wrong.length > 0) return `after #${step} it is not as before: ${wrong.join(', ')}`
    if (restored.length === 0) return `#${step} changed nothing that the lab looks at`
    walked.push({ step, restored })
  }
  return undefined
}

/** What is set in the drill's lab now. Throws when it does not run any more. */
export async function readSettings({ lab, directory }: Pick<DrillWorld, 'lab' | 'directory'>): Promise<Settings> {
  const status = await lab.status(directory)
  if (!status || !lab.look) throw new LabError('stopped', 'the lab does not say what is set in it')
  return lab.look(status)
}

/** What changed between the heal and now: restored to what it was before the run, or not. */
export function compareSettings(
  before: Settings,
  healed: Settings,
  now: Settings,
): { readonly restored: string[]; readonly wrong: string[] } {
  const changed = [...new Set([...Object.keys(healed), ...Object.keys(now)])]
    .filter(name => healed[name] !== now[name])
    .sort()
  return {
    restored: changed.filter(name => now[name] === before[name]),
    wrong: changed.filter(name => now[name] !== before[name]),
  }
}
