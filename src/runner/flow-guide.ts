import { beginPhase, stepsOf } from './begin-phase.ts'
import { type Ending, endedBy } from './ending.ts'
import type { Run } from './run.ts'
import { takeSteps } from './take-steps.ts'

/** A guide: its steps in the page's order, up to the first that does not succeed. */
export async function runGuide(run: Run): Promise<Ending> {
  const steps = stepsOf(run, 'procedure')
  if (steps.length === 0) return { outcome: 'failed', reason: 'this page has nothing to run' }
  return (await takeSteps(run, beginPhase(run, 'procedure', steps), endedBy)) ?? { outcome: 'passed' }
}
