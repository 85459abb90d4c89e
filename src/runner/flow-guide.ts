import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeStep } from './take-step.ts'

/** A guide: its steps in the page's order, up to the first that does not succeed. */
export async function runGuide(run: Run): Promise<Ending> {
  const steps = run.request.procedure.phases.find(({ name }) => name === 'procedure')?.steps ?? []
  if (steps.length === 0) return { outcome: 'failed', reason: 'this page has nothing to run' }
  run.emit({ type: 'phase.started', phase: 'procedure' })
  for (const step of steps) {
    const ending = endedBy(step, await takeStep(run, step))
    if (ending) return ending
  }
  return { outcome: 'passed' }
}
