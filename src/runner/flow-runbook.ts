import { type AskedAlerts, judgeAskedAlerts, type NamedAlert } from '../journal/index.ts'
import type { PhaseName, Step } from '../procedure/index.ts'
import { type Ending, endedBy } from './ending.ts'
import type { Run, RunPorts } from './run.ts'
import { beginPhase, stepsOf, takeSteps } from './take-steps.ts'

/**
 * A runbook: diagnose, take the mitigations that the diagnosis suggests, take temporary ones back, verify. Begun at a later step, it
 * takes that one, and what comes after it.
 */
export async function runRunbook(run: Run): Promise<Ending> {
  const begin = findStart(run)
  if (begin === 'roll-back')
    return (await takeSteps(run, beginPhase(run, begin, stepsOf(run, begin)), endedBy)) ?? { outcome: 'passed' }
  if (begin === 'verify') return verify(run, undefined)
  if (begin === 'diagnose') {
    const diagnosis = await diagnose(run)
    if ('outcome' in diagnosis) return diagnosis
    if (findWanted(run).length === 0) return conclude(run, diagnosis)
  }
  const mitigation = await mitigate(run, findWanted(run))
  if (typeof mitigation !== 'boolean') return mitigation
  return (await takeBack(run)) ?? verify(run, mitigation)
}

function findStart({ request }: Run): PhaseName {
  return request.procedure.phases.find(({ steps }) => steps.some(({ id }) => id === request.from))?.name ?? 'diagnose'
}

/** The mitigations that were suggested, and the one that the run was told to begin at. */
function findWanted(run: Run): Step[] {
  return stepsOf(run, 'mitigate').filter(
    ({ id }) => id === run.request.from || run.suggestions.some(({ step }) => step === id),
  )
}

/** What Diagnose came to. */
interface Diagnosis {
  readonly ruledOut: boolean
  /** What says nothing either way: steps that failed, were skipped, had nothing to go by, or were not run. */
  readonly open: readonly string[]
}

/** Runs every step of Diagnose, whatever happens to the others: a broken system breaks diagnoses. */
async function diagnose(run: Run): Promise<Ending | Diagnosis> {
  const open = new Map<string, string>()
  const ruledOut = new Set<string>()
  const steps = stepsOf(run, 'diagnose')
  const ended = await takeSteps(run, beginPhase(run, 'diagnose', steps), (step, taking) => {
    const { status } = taking
    if (status === 'refused' || status === 'stopped' || status === 'cancelled') return endedBy(step, taking)
    open.delete(step.id)
    ruledOut.delete(step.id)
    if (status === 'ruled-out') ruledOut.add(step.id)
    else if (status !== 'passed') open.set(step.id, `“${step.title}” ${status.replace('-', ' ')}`)
    return run.wantsRollBack ? endedBy(step, taking) : undefined
  })
  if (ended) return ended
  const [first] = steps
  if (first && first.id === run.request.from) open.set('', `the run began at “${first.title}”`)
  return { ruledOut: ruledOut.size > 0 && open.size === 0, open: [...open.values()] }
}

async function conclude({ request, ports }: Run, { ruledOut, open }: Diagnosis): Promise<Ending> {
  if (!ruledOut) {
    const why = open.length > 0 ? open.join(', ') : 'no step ruled anything out'
    return { outcome: 'inconclusive', reason: `Diagnose suggests nothing to do here: ${why}` }
  }
  const alerts = await askForAlerts(request.procedure.alerts, ports.firingAlerts)
  const { ruledOut: none, sentence } = judgeAskedAlerts(alerts)
  return none ? { outcome: 'ruled-out', alerts } : { outcome: 'inconclusive', reason: sentence, alerts }
}

/** Takes what was suggested. Says whether anything was done in the end: steps may be skipped. */
async function mitigate(run: Run, wanted: readonly Step[]): Promise<Ending | boolean> {
  const done = new Set<string>()
  const ended = await takeSteps(run, beginPhase(run, 'mitigate', wanted), (step, taking) => {
    if (taking.status === 'passed' || ('begun' in taking && taking.begun === true)) done.add(step.id)
    return endedBy(step, taking)
  })
  return ended ?? done.size > 0
}

/** Takes temporary measures back, before Verify looks. */
async function takeBack(run: Run): Promise<Ending | undefined> {
  const temporary = run.taken.filter(step => step.temporary)
  const undoers = stepsOf(run, 'roll-back').filter(({ undoes }) => temporary.some(({ id }) => id === undoes))
  return undoers.length === 0 ? undefined : takeSteps(run, beginPhase(run, 'roll-back', undoers, true), endedBy)
}

/** `mitigated`: whether anything was done; unknown when the run began here. */
async function verify(run: Run, mitigated: boolean | undefined): Promise<Ending> {
  const passed = new Set<string>()
  const ended = await takeSteps(run, beginPhase(run, 'verify', stepsOf(run, 'verify')), (step, taking) => {
    if (taking.status === 'passed') passed.add(step.id)
    return endedBy(step, taking)
  })
  if (ended) return ended
  if (mitigated === false) return { outcome: 'inconclusive', reason: 'every suggested mitigation was skipped' }
  if (passed.size === 0) return { outcome: 'inconclusive', reason: 'nothing was verified' }
  return { outcome: mitigated === undefined ? 'passed' : 'healed' }
}

/** Asks which of these alerts fire. Nobody is asked when there are none. */
async function askForAlerts(alerts: readonly string[], ask: RunPorts['firingAlerts']): Promise<AskedAlerts> {
  if (alerts.length === 0) return { asked: 'no-alerts' }
  const answer = await ask()
  switch (answer.asked) {
    case 'nobody':
      return { asked: 'nobody' }
    case 'no-answer':
      return { asked: 'no-answer', why: answer.why }
    case 'answered': {
      const firing = alerts.flatMap((alert): NamedAlert[] => {
        // Somebody is told of an alert when they are told of one of its instances: those come first.
        const [first] = answer.firing.filter(({ name }) => name === alert)
        if (!first) return []
        return [{ alert, ...(first.quiet === undefined ? {} : { quiet: first.quiet }) }]
      })
      return firing.length > 0 ? { asked: 'fires', firing } : { asked: 'none-fires', alerts }
    }
    default:
      return answer satisfies never
  }
}
