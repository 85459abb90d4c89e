import { beginPhase, stepsOf } from './begin-phase.ts'
import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeSteps } from './take-steps.ts'

/** An assessment: every check that may run does, whatever the others say; it passes when none fails and none was refused. */
export async function runChecks(run: Run): Promise<Ending> {
  const steps = beginPhase(run, 'checks', stepsOf(run, 'checks'))
  const failed = new Set<string>()
  let refused: string | undefined
  const ended = await takeSteps(run, steps, (step, taking) => {
    if (taking.status === 'refused') refused ??= taking.reason
    else if (taking.status === 'stopped' || taking.status === 'cancelled') return endedBy(step, taking)
    else if (taking.status === 'passed' || taking.status === 'skipped') failed.delete(step.id)
    else failed.add(step.id)
    return undefined
  })
  if (ended) return ended
  if (refused !== undefined) return { outcome: 'failed', reason: refused, refused }
  if (failed.size === 0) return { outcome: 'passed' }
  return { outcome: 'failed', reason: `${failed.size} of ${steps.length} checks did not pass` }
}
