import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeStep } from './take-step.ts'

/** One step alone, wherever on the page it stands. Throws a `RangeError` when the page has no such step. */
export async function runSingle(run: Run, id: string): Promise<Ending> {
  const step = run.request.procedure.phases.flatMap(({ steps }) => steps).find(step => step.id === id)
  if (!step) throw new RangeError(`${run.request.procedure.path} has no step ${id}`)
  run.emit({ type: 'phase.started', phase: step.phase })
  const taking = await takeStep(run, step)
  if (taking.status === 'ruled-out') return { outcome: 'ruled-out', reason: taking.reason ?? '' }
  return endedBy(step, taking) ?? { outcome: 'passed' }
}
