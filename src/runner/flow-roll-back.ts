import { beginPhase } from './begin-phase.ts'
import { type Ending, endedBy } from './ending.ts'
import { findStanding } from './find-standing.ts'
import type { Run } from './run.ts'
import { takeSteps } from './take-steps.ts'

/** Takes back what a run changed, last one first. */
export async function runRollBack(run: Run): Promise<Ending> {
  const standing = findStanding(run)
  const steps = run.request.procedure.phases.flatMap(phase => phase.steps)
  const undoers = standing.flatMap(({ undoneBy }) => steps.find(({ id }) => id === undoneBy) ?? []).reverse()
  const ended = undoers.length === 0 ? undefined : await takeSteps(run, beginPhase(run, 'roll-back', undoers), endedBy)
  if (ended) return ended
  return undoers.length > 0 ? { outcome: 'passed' } : { outcome: 'passed', reason: 'nothing is left to take back' }
}
