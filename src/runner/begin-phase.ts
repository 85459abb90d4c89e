import type { PhaseName, Step } from '../procedure/index.ts'
import type { Run } from './run.ts'

/** Tells that a phase begins, unless all that would be taken of it was taken before the run was resumed. Gives the steps back. */
export function beginPhase(run: Run, phase: PhaseName, steps: readonly Step[]): readonly Step[] {
  if (steps.some(({ id }) => !run.recorded.has(id))) void run.emit({ type: 'phase.started', phase })
  return steps
}

/** A phase's steps: those from the step to begin at on, if it is in this phase. */
export function stepsOf({ request }: Run, phase: PhaseName): readonly Step[] {
  const steps = request.procedure.phases.find(({ name }) => name === phase)?.steps ?? []
  return steps.slice(
    Math.max(
      0,
      steps.findIndex(({ id }) => id === request.from),
    ),
  )
}
