import type { PhaseName, Step } from '../procedure/index.ts'
import { count, type Ending, emptyTally, endedBy, endedWith } from './ending.ts'
import type { Run } from './run.ts'
import { type Taking, takeStep } from './take-step.ts'

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
export async function takeAll(run: Run, steps: readonly Step[]): Promise<Ending> {
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
