import type { StepResult } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { askAfterFailure } from './ask-person.ts'
import { permit } from './permit.ts'
import type { Run, StepPlace } from './run.ts'
import { runStep } from './run-step.ts'

/** How a step was taken, or why it was not. */
export type Taking =
  | StepResult
  | { readonly status: 'back' }
  | { readonly status: 'stopped' }
  | { readonly status: 'refused'; readonly reason: string }

const ALONE: StepPlace = { number: 1, of: 1 }

/**
 * Takes a step: as it is recorded, if it ended before the run was resumed; else it runs, if it may. Keeps account of what it changes
 * or takes back, and asks a person what to do when it fails. `again`: somebody went back to it.
 */
export async function takeStep(run: Run, step: Step, place: StepPlace = ALONE, again = false): Promise<Taking> {
  const recorded = run.recorded.get(step.id)
  run.recorded.delete(step.id)
  let result = recorded ?? (await passOver(run, step)) ?? (await attempt(run, step, place, again))
  for (;;) {
    if (result.status === 'back' || result.status === 'stopped' || result.status === 'refused') return result
    account(run, step, result)
    const answer = isFailure(result) ? await askWhatNow(run, step, result, place) : undefined
    if (answer === undefined || answer === 'end') return result
    if (answer === 'stop') return { status: 'stopped' }
    if (answer === 'roll-back') {
      run.wantsRollBack = true
      return result
    }
    result = answer === 'retry' ? await runStep(run, step) : await leave(run, step, answer.skip)
  }
}

async function attempt(run: Run, step: Step, place: StepPlace, again: boolean): Promise<Taking> {
  const permission = await permit(run, step, place, again)
  switch (permission.answer) {
    case 'refused':
      return { status: 'refused', reason: permission.why }
    case 'back':
      return { status: 'back' }
    case 'stop':
      return { status: 'stopped' }
    case 'skip': {
      const reason = `by hand: ${permission.why}`
      await run.emit({ type: 'step.finished', step: step.id, status: 'skipped', seconds: 0, reason })
      return { status: 'skipped', reason }
    }
    case 'run':
      return runStep(run, step)
    default:
      return permission satisfies never
  }
}

/** Leaves a step as it is that may be only partially done before the run was resumed, if that was decided. */
async function passOver(run: Run, step: Step): Promise<StepResult | undefined> {
  if (!run.half.delete(step.id)) return undefined
  if (run.request.resumes?.interrupted !== 'skip' || step.risk === 'read') return undefined
  const reason = 'it may be only partially done, and is not repeated'
  await run.emit({ type: 'step.finished', step: step.id, status: 'interrupted', seconds: 0, reason, begun: true })
  return { status: 'interrupted', reason, begun: true }
}

/** Leaves a failed step behind; what it may have changed still counts. */
async function leave(run: Run, step: Step, why: string): Promise<StepResult> {
  const reason = `after a failure, by hand: ${why}`
  await run.emit({ type: 'step.finished', step: step.id, status: 'skipped', seconds: 0, reason, begun: true })
  return { status: 'skipped', reason, begun: true }
}

function account(run: Run, step: Step, result: StepResult): void {
  if (result.value !== undefined) run.values[step.id] = run.redaction.value(result.value)
  const begun = result.begun ?? result.status !== 'skipped'
  if (begun && step.risk !== 'read' && step.undoes === undefined && !run.taken.includes(step)) run.taken.push(step)
  if (result.status === 'passed' && step.undoes !== undefined) run.undone.add(step.undoes)
}

function isFailure({ status }: StepResult): boolean {
  return status === 'failed' || status === 'timed-out' || status === 'blocked'
}

async function askWhatNow(run: Run, step: Step, result: StepResult, place: StepPlace) {
  // The checks of an assessment fail one by one, and the score says so.
  if (run.request.mode !== 'interactive' || !run.ports.afterFailure || step.phase === 'checks') return undefined
  void run.emit({
    type: 'run.waiting',
    for: 'confirmation',
    step: step.id,
    message: `“${step.title}” did not pass`,
  })
  return askAfterFailure(run, run.ports.afterFailure, step, result, place)
}
