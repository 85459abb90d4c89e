import { countOf } from '../base/index.ts'
import type { Verdict } from '../journal/index.ts'
import { endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { beginPhase, stepsOf, takeSteps } from './take-step.ts'

/**
 * What is found out before anybody looks: the cheap steps of Diagnose, whatever happens to the others. It comes to no verdict about the alert:
 * that wants all of Diagnose, and a person.
 */
export async function runCheap(run: Run): Promise<Verdict> {
  const all = stepsOf(run, 'diagnose')
  const steps = all.filter(({ cheap }) => cheap)
  const ended = await takeSteps(run, beginPhase(run, 'diagnose', steps), (step, taking) =>
    ['refused', 'stopped', 'cancelled'].includes(taking.status) ? endedBy(step, taking) : undefined,
  )
  const reason = `it looked before anybody came, by ${steps.length} of ${countOf(all.length, 'step')} of Diagnose`
  return ended ?? { outcome: 'inconclusive', reason }
}
