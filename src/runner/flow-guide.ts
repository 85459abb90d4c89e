import { countOf } from '../base/index.ts'
import type { Verdict } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { count, emptyTally, endedBy, endedWith, type Tally } from './ending.ts'
import type { Run } from './run.ts'
import { beginPhase, stepsOf, takeSteps } from './take-step.ts'

/** An assessment: every check that may run does, whatever the others say; it passes when none fails and none was refused. */
export async function runChecks(run: Run): Promise<Verdict> {
  const steps = beginPhase(run, 'checks', stepsOf(run, 'checks'))
  const failed = new Set<string>()
  const tally = emptyTally()
  let refused: string | undefined
  const ended = await takeSteps(run, steps, (step, taking) => {
    if (taking.status === 'refused') refused ??= taking.reason
    else if (taking.status === 'stopped' || taking.status === 'cancelled') return endedBy(step, taking)
    else if (taking.status === 'passed' || taking.status === 'skipped') failed.delete(step.id)
    else failed.add(step.id)
    count(tally, step, taking)
    return undefined
  })
  if (ended) return ended
  if (refused !== undefined) return { outcome: 'failed', reason: refused, refused }
  if (failed.size === 0) return endedWith(tally)
  return { outcome: 'failed', reason: `${failed.size} of ${countOf(steps.length, 'check')} did not pass` }
}

/**
 * A guide: its phases and their steps in the page's order, up to the first that does not succeed. A routine takes all of them. Roll back
 * waits until it is asked for.
 */
export async function runGuide(run: Run): Promise<Verdict> {
  const { procedure, from } = run.request
  const phases = procedure.phases.toSorted((a, b) => a.line - b.line)
  const first = phases.findIndex(({ steps }) => from !== undefined && steps.some(({ id }) => id === from))
  const begun = phases.slice(Math.max(0, first))
  const taken = begun.filter(
    ({ name, steps }, at) => steps.length > 0 && (name !== 'roll-back' || (first >= 0 && at === 0)),
  )
  if (taken.length === 0) return { outcome: 'failed', reason: 'this page has nothing to run' }
  const tally = emptyTally()
  const findings = new Map<string, Step>()
  for (const { name } of taken) {
    const ended = await takeSteps(run, beginPhase(run, name, stepsOf(run, name)), (step, taking) => {
      count(tally, step, taking)
      const ended = endedBy(step, taking)
      findings.delete(step.id)
      if (!procedure.routine || ended?.outcome !== 'failed') return ended
      findings.set(step.id, step)
      return undefined
    })
    if (ended) return ended
  }
  return findings.size === 0 ? endedWith(tally) : judgeFindings(run, [...findings.values()], tally)
}

/** A routine that found something fails, unless somebody works on all of it until a day that has not passed. */
function judgeFindings({ request }: Run, findings: readonly Step[], tally: Tally): Verdict {
  const today = new Date().toISOString().slice(0, 10)
  const known = request.environment.acknowledged.filter(({ page }) => page === request.procedure.id)
  const describe = (step: Step) => {
    const found = known.find(({ step: id }) => id === step.id)
    const isKnown = found !== undefined && found.until >= today
    const note =
      found && `${found.owner} ${isKnown ? 'works' : 'was to work'} on it until ${found.until}: ${found.reason}`
    return { isKnown, text: `“${step.title}”${note ? ` (${note})` : ''}` }
  }
  const described = findings.map(describe)
  const open = described.filter(({ isKnown }) => !isKnown)
  if (open.length === 0) return endedWith(tally, `Acknowledged: ${described.map(({ text }) => text).join(', ')}`)
  const others = described.length - open.length
  const acknowledged = others > 0 ? `; ${countOf(others, 'other finding')} acknowledged` : ''
  const reason = `${countOf(open.length, 'finding')}: ${open.map(({ text }) => text).join(', ')}${acknowledged}`
  return { outcome: 'failed', reason }
}

/** One step alone, wherever on the page it stands. Throws a `RangeError` when the page has no such step. */
export async function runSingle(run: Run, id: string): Promise<Verdict> {
  const step = run.request.procedure.phases.flatMap(({ steps }) => steps).find(step => step.id === id)
  if (!step) throw new RangeError(`${run.request.procedure.path} has no step ${id}`)
  beginPhase(run, step.phase, [step])
  const tally = emptyTally()
  const ending = await takeSteps(run, [step], (step, taking): Verdict | undefined => {
    count(tally, step, taking)
    if (taking.status !== 'ruled-out') return endedBy(step, taking)
    return { outcome: 'ruled-out', basis: { ruledOut: [step.id] }, reason: taking.reason ?? '' }
  })
  return ending ?? endedWith(tally)
}
