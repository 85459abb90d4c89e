import { beginPhase } from './begin-phase.ts'
import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeSteps } from './take-steps.ts'

/** One step alone, wherever on the page it stands. Throws a `RangeError` when the page has no such step. */
export async function runSingle(run: Run, id: string): Promise<Ending> {
  const step = run.request.procedure.phases.flatMap(({ steps }) => steps).find(step => step.id === id)
  if (!step) throw new RangeError(`${run.request.procedure.path} has no step ${id}`)
  beginPhase(run, step.phase, [step])
  const ending = await takeSteps(run, [step], (step, taking): Ending | undefined =>
    taking.status === 'ruled-out' ? { outcome: 'ruled-out', reason: taking.reason ?? '' } : endedBy(step, taking),
  )
  return ending ?? { outcome: 'passed' }
}
