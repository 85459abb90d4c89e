import type { Step } from '../procedure/index.ts'
import { permit } from './permit.ts'
import type { Run, StepResult } from './run.ts'
import { runStep } from './run-step.ts'

/** How a step was taken, or why it was not. */
export type Taking =
  | StepResult
  | { readonly status: 'stopped' }
  | { readonly status: 'refused'; readonly reason: string }

/** Runs a step if it may run, and keeps account of what it changes or takes back. */
export async function takeStep(run: Run, step: Step): Promise<Taking> {
  const permission = await permit(run, step)
  switch (permission.answer) {
    case 'refused':
      return { status: 'refused', reason: permission.why }
    case 'stop':
      return { status: 'stopped' }
    case 'skip':
      run.emit({ type: 'step.finished', step: step.id, status: 'skipped', seconds: 0, reason: 'skipped by hand' })
      return { status: 'skipped', reason: 'skipped by hand' }
    case 'run': {
      const result = await runStep(run, step)
      const begun = result.begun !== false && result.status !== 'skipped'
      if (begun && step.risk !== 'read' && step.undoes === undefined) run.taken.push(step)
      if (result.status === 'passed' && step.undoes !== undefined) run.undone.add(step.undoes)
      return result
    }
    default:
      return permission satisfies never
  }
}
