import type { Step } from '../procedure/index.ts'
import { beginPhase } from './begin-phase.ts'
import { type Ending, endedBy } from './ending.ts'
import { findUnreverted, type Unreverted } from './find-unreverted.ts'
import type { Run } from './run.ts'
import { takeSteps } from './take-steps.ts'

/** Undoes what a run changed, last one first; a cure only when the step that undoes it is named. */
export async function runRollBack(run: Run): Promise<Ending> {
  const unreverted = findUnreverted(run)
  const named = run.request.rollsBack?.step
  const undoers = chooseUndoers(run, unreverted, named)
  if (named !== undefined && undoers.length === 0)
    return {
      outcome: 'inconclusive',
      reason: `#${named} has nothing to undo: it was undone already, or never done`,
    }
  const ended = undoers.length === 0 ? undefined : await takeSteps(run, beginPhase(run, 'roll-back', undoers), endedBy)
  if (ended) return ended
  return undoers.length > 0 ? { outcome: 'passed' } : { outcome: 'passed', reason: 'nothing is left to roll back' }
}

function chooseUndoers(run: Run, { standing, cures }: Unreverted, named: string | undefined): Step[] {
  const ids = [...standing, ...(named === undefined ? [] : cures)].map(({ undoneBy }) => undoneBy)
  const steps = run.request.procedure.phases.flatMap(phase => phase.steps)
  const undoers = ids.flatMap(id => steps.find(step => step.id === id) ?? []).reverse()
  return named === undefined ? undoers : undoers.filter(({ id }) => id === named)
}
