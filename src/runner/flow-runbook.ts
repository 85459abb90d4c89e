import type { Verdict } from '../journal/index.ts'
import { atLeastOne, judgeAskedAlerts, type Steps } from '../journal/index.ts'
import type { PhaseName, Step } from '../procedure/index.ts'
import { askAlerts } from './ask-alerts.ts'
import { count, emptyTally, endedBy, endedWith } from './ending.ts'
import type { Run } from './run.ts'
import { beginPhase, stepsOf, takeAll, takeSteps } from './take-step.ts'

/**
 * A runbook: diagnose, take the mitigations that the diagnosis suggests, take temporary ones back, verify. Begun at a later step, it
 * takes that one, and what comes after it.
 */
export async function runRunbook(run: Run): Promise<Verdict> {
  const begin = findStart(run)
  if (begin === 'roll-back') return takeAll(run, beginPhase(run, begin, stepsOf(run, begin)))
  if (begin === 'verify') return verify(run, undefined)
  if (begin === 'diagnose') {
    const diagnosis = await diagnose(run)
    if ('outcome' in diagnosis) return diagnosis
    if (findWanted(run).length === 0) return conclude(run, diagnosis)
  }
  const mitigated = await mitigate(run, findWanted(run))
  if ('outcome' in mitigated) return mitigated
  return (await rollBack(run)) ?? verify(run, mitigated)
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
  /** The steps that ruled out their cause, if nothing speaks against that. */
  readonly ruledOut: Steps | undefined
  /** Steps that passed, and said nothing either way. */
  readonly silent: readonly string[]
  /** What says nothing either way: steps that failed, were skipped, had nothing to go by, or were not run. */
  readonly open: readonly string[]
}

/** Runs every step of Diagnose, whatever happens to the others: a broken system breaks diagnoses. */
async function diagnose(run: Run): Promise<Verdict | Diagnosis> {
  const open = new Map<string, string>()
  const ruledOut = new Set<string>()
  const silent = new Set<string>()
  const steps = stepsOf(run, 'diagnose')
  const ended = await takeSteps(run, beginPhase(run, 'diagnose', steps), (step, taking) => {
    const { status } = taking
    if (status === 'refused' || status === 'stopped' || status === 'cancelled') return endedBy(step, taking)
    open.delete(step.id)
    ruledOut.delete(step.id)
    silent.delete(step.id)
    if (status === 'ruled-out') ruledOut.add(step.id)
    else if (status === 'passed') silent.add(step.id)
    else open.set(step.id, `“${step.title}” ${status.replace('-', ' ')}`)
    return run.wantsRollBack ? endedBy(step, taking) : undefined
  })
  if (ended) return ended
  const [first] = steps
  if (first && first.id === run.request.from) open.set('', `the run began at “${first.title}”`)
  return {
    ruledOut: open.size === 0 ? atLeastOne([...ruledOut]) : undefined,
    silent: [...silent],
    open: [...open.values()],
  }
}

async function conclude(run: Run, { ruledOut, silent, open }: Diagnosis): Promise<Verdict> {
  if (!ruledOut) {
    const why = open.length > 0 ? open.join(', ') : 'no step ruled anything out'
    return { outcome: 'inconclusive', reason: `Diagnose suggests nothing to do here: ${why}` }
  }
  const { alerts, ...started } = await askAlerts(run)
  if (alerts.asked === 'fires' || alerts.asked === 'no-answer')
    return { outcome: 'inconclusive', reason: judgeAskedAlerts(alerts).sentence, alerts, ...started }
  return { outcome: 'ruled-out', basis: { ruledOut, silent }, alerts, ...started }
}

/** What was done of Mitigate: ids of steps. */
interface Mitigated {
  readonly done: readonly string[]
}

/** Takes what was suggested, and says what was done in the end: steps may be skipped. */
async function mitigate(run: Run, wanted: readonly Step[]): Promise<Verdict | Mitigated> {
  const done = new Set<string>()
  const ended = await takeSteps(run, beginPhase(run, 'mitigate', wanted), (step, taking) => {
    if (taking.status === 'passed' || ('begun' in taking && taking.begun === true)) done.add(step.id)
    return endedBy(step, taking)
  })
  return ended ?? { done: [...done] }
}

/** Rolls back temporary mitigations before Verify looks. */
async function rollBack(run: Run): Promise<Verdict | undefined> {
  const temporary = run.taken.filter(step => step.temporary)
  const undoers = stepsOf(run, 'roll-back').filter(({ undoes }) => temporary.some(({ id }) => id === undoes))
  return undoers.length === 0 ? undefined : takeSteps(run, beginPhase(run, 'roll-back', undoers, true), endedBy)
}

/** `mitigation`: what was done; unknown when the run began here. */
async function verify(run: Run, mitigation: Mitigated | undefined): Promise<Verdict> {
  const tally = emptyTally()
  const ended = await takeSteps(run, beginPhase(run, 'verify', stepsOf(run, 'verify')), (step, taking) => {
    count(tally, step, taking)
    return endedBy(step, taking)
  })
  if (ended) return ended
  const mitigated = atLeastOne(mitigation?.done)
  if (mitigation && !mitigated) return { outcome: 'inconclusive', reason: 'every suggested mitigation was skipped' }
  const verified = atLeastOne([...tally.passed])
  if (!verified) return { outcome: 'inconclusive', reason: 'nothing was verified' }
  if (!mitigated) return endedWith(tally, 'The run began at Verify: it does not know what was done before.')
  return { outcome: 'healed', basis: { mitigated, verified }, ...(await askAlerts(run)) }
}
