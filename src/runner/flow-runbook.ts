import type { PhaseName, Step } from '../procedure/index.ts'
import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeStep } from './take-step.ts'

/** A runbook: diagnose, take the mitigations that the diagnosis suggests, take temporary ones back, verify. */
export async function runRunbook(run: Run): Promise<Ending> {
  const diagnosis = await diagnose(run)
  if ('outcome' in diagnosis) return diagnosis
  const wanted = stepsOf(run, 'mitigate').filter(({ id }) => run.suggestions.has(id))
  if (wanted.length === 0) return conclude(run, diagnosis)
  const mitigation = await mitigate(run, wanted)
  if (typeof mitigation !== 'boolean') return mitigation
  return (await takeBack(run)) ?? verify(run, mitigation)
}

/** What Diagnose came to. */
interface Diagnosis {
  readonly ruledOut: boolean
  /** Titles of the steps that say nothing either way: they failed, were skipped, or had nothing to go by. */
  readonly open: readonly string[]
}

/** Runs every step of Diagnose, whatever happens to the others: a broken system breaks diagnoses. */
async function diagnose(run: Run): Promise<Ending | Diagnosis> {
  const open: string[] = []
  let ruledOut = false
  for (const step of begin(run, 'diagnose')) {
    const taking = await takeStep(run, step)
    if (taking.status === 'refused' || taking.status === 'stopped' || taking.status === 'cancelled')
      return endedBy(step, taking) ?? { outcome: 'cancelled' }
    if (taking.status === 'ruled-out') ruledOut = true
    else if (taking.status !== 'passed') open.push(`“${step.title}” ${taking.status.replace('-', ' ')}`)
  }
  return { ruledOut: ruledOut && open.length === 0, open }
}

async function conclude({ request, ports }: Run, { ruledOut, open }: Diagnosis): Promise<Ending> {
  if (!ruledOut) {
    const why = open.length > 0 ? open.join(', ') : 'no step ruled anything out'
    return { outcome: 'inconclusive', reason: `Diagnose suggests nothing to do here: ${why}` }
  }
  const firing = await ports.firingAlerts()
  if (firing === 'unknown') {
    return {
      outcome: 'inconclusive',
      reason: 'every cause is ruled out, but Alertmanager does not say whether the alert fires',
    }
  }
  const ours = request.procedure.alerts.filter(alert => firing !== 'none' && firing.includes(alert))
  if (ours.length > 0)
    return { outcome: 'inconclusive', reason: `every cause is ruled out, yet ${ours.join(', ')} is firing` }
  return { outcome: 'ruled-out' }
}

/** Takes what was suggested. Says whether anything was done in the end: steps may be skipped. */
async function mitigate(run: Run, wanted: readonly Step[]): Promise<Ending | boolean> {
  begin(run, 'mitigate')
  let done = false
  for (const step of wanted) {
    const taking = await takeStep(run, step)
    const ending = endedBy(step, taking)
    if (ending) return ending
    done ||= taking.status === 'passed'
  }
  return done
}

/** Takes temporary measures back, before Verify looks. */
async function takeBack(run: Run): Promise<Ending | undefined> {
  const temporary = run.taken.filter(step => step.temporary)
  const undoers = stepsOf(run, 'roll-back').filter(({ undoes }) => temporary.some(({ id }) => id === undoes))
  if (undoers.length > 0) begin(run, 'roll-back')
  for (const step of undoers) {
    const ending = endedBy(step, await takeStep(run, step))
    if (ending) return ending
  }
  return undefined
}

async function verify(run: Run, mitigated: boolean): Promise<Ending> {
  let passed = 0
  for (const step of begin(run, 'verify')) {
    const taking = await takeStep(run, step)
    const ending = endedBy(step, taking)
    if (ending) return ending
    if (taking.status === 'passed') passed += 1
  }
  if (!mitigated) return { outcome: 'inconclusive', reason: 'every suggested mitigation was skipped' }
  return passed > 0 ? { outcome: 'healed' } : { outcome: 'inconclusive', reason: 'nothing was verified' }
}

function begin(run: Run, phase: PhaseName): readonly Step[] {
  const steps = stepsOf(run, phase)
  if (steps.length > 0) run.emit({ type: 'phase.started', phase })
  return steps
}

function stepsOf({ request }: Run, phase: PhaseName): readonly Step[] {
  return request.procedure.phases.find(({ name }) => name === phase)?.steps ?? []
}
