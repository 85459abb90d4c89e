import type { StepResult, Verdict } from '../journal/index.ts'
import type { PhaseName, Step } from '../procedure/index.ts'
import { askAfterFailure } from './ask-person.ts'
import { noteFound } from './brief-step.ts'
import { count, emptyTally, endedBy, endedWith } from './ending.ts'
import { permit } from './permit.ts'
import { holdToPlan } from './plan.ts'
import type { Run, StepPlace } from './run.ts'
import { runStep } from './run-step.ts'
import { endSilences } from './silences.ts'

/** How a step was taken, or why it was not. */
export type Taking =
  | StepResult
  | { readonly status: 'back' }
  | { readonly status: 'stopped' }
  | { readonly status: 'refused'; readonly reason: string }

const ALONE: StepPlace = { number: 1, of: 1 }

/**
 * Takes a step: as it is recorded, if it ended before the run was resumed; else it runs, if it may. Keeps account of what it changes
 * or undoes, and asks a person what to do when it fails. `again`: somebody went back to it.
 */
async function takeStep(run: Run, step: Step, place: StepPlace = ALONE, again = false): Promise<Taking> {
  const recorded = run.recorded.get(step.id)
  run.recorded.delete(step.id)
  let result = recorded ?? (await passOver(run, step)) ?? (await attempt(run, step, place, again))
  for (;;) {
    if (result.status === 'back' || result.status === 'stopped' || result.status === 'refused') return result
    account(run, step, result)
    if (result.status === 'passed' && step.undoes !== undefined) await endSilences(run, step.undoes)
    const answer = isFailure(result) ? await askWhatNow(run, step, result, place) : undefined
    if (answer === undefined || answer === 'end') return result
    if (answer === 'stop') return { status: 'stopped' }
    if (answer === 'roll-back') {
      run.wantsRollBack = true
      return result
    }
    result = answer === 'retry' ? await retry(run, step) : await leave(run, step, answer.skip)
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
      const reason = permission.byPlan ? permission.why : `by hand: ${permission.why}`
      await run.emit({ type: 'step.finished', step: step.id, status: 'skipped', seconds: 0, reason })
      return { status: 'skipped', reason }
    }
    case 'run':
      return runStep(run, step)
    default:
      return permission satisfies never
  }
}

/** Runs a step once more; a dangerous one is held to its plan again. */
async function retry(run: Run, step: Step): Promise<Taking> {
  const permission = await holdToPlan(run, step)
  if (permission?.answer === 'refused') return { status: 'refused', reason: permission.why }
  return permission?.answer === 'stop' ? { status: 'stopped' } : runStep(run, step)
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
  noteFound(run, step, result)
  if (result.value !== undefined) run.values[step.id] = run.redaction.value(result.value)
  const begun = result.begun ?? result.status !== 'skipped'
  const { id, temporary } = step
  if (begun && step.risk !== 'read' && step.undoes === undefined && run.taken.every(one => one.id !== id))
    run.taken.push({ id, temporary })
  if (result.status === 'passed' && step.undoes !== undefined) run.undone.add(step.undoes)
}

function isFailure({ status }: StepResult): boolean {
  return status === 'failed' || status === 'timed-out' || status === 'blocked'
}

async function askWhatNow(run: Run, step: Step, result: StepResult, place: StepPlace) {
  // The checks of an assessment and the steps of a routine fail one by one, and the end says so.
  const isOneOfMany = step.phase === 'checks' || run.request.procedure.routine
  if (run.request.mode !== 'interactive' || !run.ports.afterFailure || isOneOfMany) return undefined
  void run.emit({
    type: 'run.waiting',
    for: 'confirmation',
    step: step.id,
    message: `“${step.title}” did not pass`,
  })
  return askAfterFailure(run, run.ports.afterFailure, step, result, place)
}

/**
 * Takes steps in their order and hands each to `judge`, until that gives something, which is then given back. A person may go back:
 * then a step is taken and judged anew.
 */
export async function takeSteps<T>(
  run: Run,
  steps: readonly Step[],
  judge: (step: Step, taking: Exclude<Taking, { status: 'back' }>) => T | undefined,
): Promise<T | undefined> {
  let again = false
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]
    if (!step) break
    const next = steps[index + 1]
    const place = { number: index + 1, of: steps.length, ...(next ? { next } : {}) }
    const taking = await takeStep(run, step, place, again)
    again = taking.status === 'back'
    if (taking.status === 'back') {
      index = Math.max(-1, index - 2)
      continue
    }
    const verdict = judge(step, taking)
    if (verdict !== undefined) return verdict
  }
  return undefined
}

/** Takes steps up to the first that does not succeed. */
export async function takeAll(run: Run, steps: readonly Step[]): Promise<Verdict> {
  const tally = emptyTally()
  const ended = await takeSteps(run, steps, (step, taking) => {
    count(tally, step, taking)
    return endedBy(step, taking)
  })
  return ended ?? endedWith(tally)
}

/** Tells that a phase begins, unless all that would be taken of it was taken before the run was resumed. Gives the steps back. */
export function beginPhase(run: Run, phase: PhaseName, steps: readonly Step[], temporary = false): readonly Step[] {
  if (steps.some(({ id }) => !run.recorded.has(id)))
    void run.emit({ type: 'phase.started', phase, ...(temporary ? { temporary } : {}) })
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
