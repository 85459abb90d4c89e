import { type Notified, type Proof, type RunState, recordParts } from '../journal/index.ts'
import { placeSuggestion } from '../lint/index.ts'
import type { DrilledRun } from '../operate/index.ts'
import type { DrillBudget } from '../procedure/index.ts'
import { judgeNotified } from './judge-notified.ts'
import type { DrillPlan } from './plan-drills.ts'
import type { DrillWorld } from './run-drill.ts'

/** The observations of a drill until its end. */
export interface Observations {
  readonly signal: Proof['signal']
  readonly alert?: string
  /** How the lab is made, and what nothing in it proves. */
  readonly made?: Pick<Proof, 'profile' | 'notProven' | 'versions' | 'intensity' | 'seed'>
  /** The run on the healthy lab. */
  control?: DrilledRun
  /** The run under the fault. */
  run?: DrilledRun
  secondsToFire?: number
  secondsToHeal?: number
  secondsToClear?: number
  /** Whether the alert was seen to fire after a run that was to escalate. */
  stillFires?: boolean
  /** The result for everything that was acknowledged; undefined without a workload. */
  workload?: Proof['workload']
  felt?: Proof['felt']
  /** When the parts of the drill began. */
  moments?: Proof['moments']
  /** The other alerts that fired; undefined when nobody could be asked. */
  alsoFired?: Proof['alsoFired']
  /** Who was notified; undefined when the lab does not count it. */
  notified?: readonly Notified[]
  /** The roll-back steps that were walked, with what they restored. */
  readonly walked?: Proof['walked']
  /** The reason why the drill ended early. */
  readonly failure?: string
}

/** Makes the proof from a drill's observations. If anything is missing, the proof has a reason. */
export function judgeDrill(
  plan: DrillPlan,
  world: Pick<DrillWorld, 'timeScale' | 'commit'> & { readonly lab: Pick<DrillWorld['lab'], 'workload'> },
  seen: Observations,
): Proof {
  const { procedure, drill } = plan
  const reason = seen.failure ?? findFlaw(plan, world.lab.workload?.name, seen)
  const runs = [seen.control, seen.run].filter(run => run !== undefined)
  const all = procedure.phases.flatMap(({ steps }) => steps.map(({ id }) => id))
  const walked = seen.walked?.map(({ step }) => step) ?? []
  const ran = all.filter(id => walked.includes(id) || runs.some(({ state }) => taken(state).includes(id)))
  const last = seen.run ?? seen.control
  return {
    id: plan.id,
    procedure: procedure.id,
    proven: reason === undefined,
    fault: drill.fault,
    ...(drill.with === undefined ? {} : { with: drill.with }),
    environment: 'lab',
    ...seen.made,
    timeScale: world.timeScale,
    signal: seen.signal,
    ...(seen.alert === undefined ? {} : { alert: seen.alert }),
    run: last?.state.id ?? '',
    ledgerHead: last?.head ?? '',
    outcome: seen.run?.state.outcome ?? 'interrupted',
    ...(reason === undefined && drill.escalates !== undefined ? { escalated: drill.escalates } : {}),
    steps: { run: ran, notRun: all.filter(id => !ran.includes(id)) },
    ...(seen.run === undefined ? {} : { suggested: findSuggested(plan, seen.run.state) }),
    ...(seen.walked === undefined ? {} : { walked: seen.walked }),
    control: seen.control?.state.outcome ?? 'interrupted',
    ...recordParts(plan.standsOn),
    commit: world.commit,
    date: new Date().toISOString(),
    secondsToFire: seen.secondsToFire ?? null,
    secondsToHeal: seen.secondsToHeal ?? null,
    secondsToClear: seen.secondsToClear ?? null,
    ...(drill.within === undefined ? {} : { within: inSeconds(drill.within) }),
    ...(seen.alsoFired === undefined ? {} : { alsoFired: seen.alsoFired }),
    ...(seen.notified === undefined ? {} : { notifications: [...seen.notified] }),
    ...(drill.wakes === undefined ? {} : { wakes: drill.wakes }),
    ...(seen.workload === undefined ? {} : { workload: seen.workload }),
    ...(seen.felt === undefined ? {} : { felt: seen.felt }),
    ...(seen.moments === undefined ? {} : { moments: seen.moments }),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** The first reason why a drill is not a proof. */
function findFlaw(
  { procedure, drill }: DrillPlan,
  counted: string | undefined,
  seen: Observations,
): string | undefined {
  const { signal, alert, control, run, workload, notified, secondsToFire, secondsToHeal, secondsToClear } = seen
  if (!control) return 'the page was not run on a healthy lab'
  if (control.state.outcome !== 'ruled-out') {
    return `on a healthy lab the run ended as ${control.state.outcome}, not ruled-out${because(control.state)}`
  }
  const changed = procedure.phases
    .flatMap(({ steps }) => steps)
    .filter(({ id, risk }) => risk !== 'read' && taken(control.state).includes(id))
  if (changed.length > 0) return `on a healthy lab the run took ${changed.map(({ id }) => id).join(', ')}`
  if (!run) return 'the page was not run'
  const astray = drill.escalates === undefined ? findUnhealed(run.state) : findUnescalated(drill.escalates, run.state)
  if (astray !== undefined) return astray
  const mitigations = run.state.steps.filter(({ phase, status }) => phase === 'mitigate' && status === 'passed')
  const took = mitigations.map(({ id }) => id)
  if (took.join() !== drill.expect.join()) {
    return `the run took ${took.join(', ') || 'no mitigation'}; the drill expects ${drill.expect.join(', ') || 'none'}`
  }
  const lost = control.unrecorded ?? run.unrecorded
  if (lost !== undefined) return `the runs could not be recorded: ${lost}`
  if (counted !== undefined && !workload) return `the ${counted} were not counted`
  if (workload && workload.acknowledged === 0)
    return `no ${workload.name} were acknowledged, so none could be lost: nothing was counted`
  if (workload && workload.lost > 0)
    return `${workload.lost} of ${workload.acknowledged} acknowledged ${workload.name} were lost`
  if (signal === 'diagnose') return 'no Alertmanager: Diagnose was the signal, and nobody was paged'
  if (secondsToFire === undefined) return 'the alert was not seen to fire'
  if (drill.escalates !== undefined && !seen.stillFires)
    return 'after the run the alert did not fire any more: what nobody healed was gone'
  if (drill.escalates === undefined && secondsToClear === undefined) return 'the alert was not seen to clear'
  const { fire, heal, clear } = drill.within ?? {}
  return (
    (notified && alert !== undefined ? judgeNotified(alert, notified, drill) : undefined) ??
    findOverrun('the alert took', secondsToFire, fire, 'to fire') ??
    findOverrun('the run took', secondsToHeal, heal, 'to heal') ??
    findOverrun('the alert took', secondsToClear, clear, 'to end')
  )
}

function findUnhealed(state: RunState): string | undefined {
  return state.outcome === 'healed' ? undefined : `the run ended as ${state.outcome}, not healed${because(state)}`
}

/** A run escalates when the step that is to find what nothing heals is the only one of Diagnose that did not come to an end of its own. */
function findUnescalated(finder: string, state: RunState): string | undefined {
  if (state.outcome !== 'inconclusive' || state.refused !== undefined)
    return `the run ended as ${state.outcome}, and did not escalate${because(state)}`
  const stopped = state.steps.filter(
    ({ phase, status }) => phase === 'diagnose' && status !== 'passed' && status !== 'ruled-out',
  )
  const found = stopped.map(({ id, status }) => `${id} ${status}`).join(', ')
  return found === `${finder} failed`
    ? undefined
    : `Diagnose ended with ${found || 'no failed step'}, not ${finder} failed`
}

/** The places at which a run suggested a mitigation, in the page's order. */
function findSuggested({ suggestions }: DrillPlan, { steps }: RunState): NonNullable<Proof['suggested']> {
  const made = steps.flatMap(({ id, suggests = [] }) =>
    suggests.map(({ step, why }) => placeSuggestion({ step: id, suggests: step, why }, suggestions)),
  )
  return suggestions.filter(place => made.includes(place))
}

function findOverrun(
  what: string,
  took: number | undefined,
  limit: number | undefined,
  to: string,
): string | undefined {
  if (limit === undefined || took === undefined || took * 1000 <= limit) return undefined
  return `${what} ${took} s ${to}, not at most ${limit / 1000} s`
}

function inSeconds(budget: DrillBudget): NonNullable<Proof['within']> {
  return Object.fromEntries(Object.entries(budget).map(([part, limit]) => [part, limit / 1000]))
}

function taken(state: RunState): string[] {
  return state.steps.filter(({ attempts }) => attempts > 0).map(({ id }) => id)
}

function because({ reason, steps }: RunState): string {
  const failed = steps.find(({ status }) => status === 'failed' || status === 'timed-out')
  return `${reason ? `: ${reason}` : ''}${failed?.error ? ` (${failed.id}: ${failed.error.message})` : ''}`
}
