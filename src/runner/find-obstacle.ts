import { isWithin } from '../base/index.ts'
import { isSameProcess, judgeActor, type PastHolder, type RunHistory } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'

/** What stands in the way of something, and what to do about it. */
export interface Obstacle {
  readonly message: string
  readonly hint?: string
}

/** Why a run cannot be gone on with: it is over, its runner is still there, or its page is not what it was. */
export function findObstacle(
  run: string,
  history: RunHistory,
  procedure: Procedure,
  gone: readonly PastHolder[] = [],
): Obstacle | undefined {
  return findEnd(run, history) ?? findRunner(run, history, gone) ?? findChange(run, history, procedure)
}

/** Who still runs a run, if anybody does or nobody can tell. `gone`: processes that held its lease, and are known not to run it any more. */
export function findRunner(
  run: string,
  { by, ending }: RunHistory,
  gone: readonly PastHolder[] = [],
): Obstacle | undefined {
  const { user, host, pid } = by
  const who = `${user}@${host}, process ${pid}`
  const judged = ending || gone.some(one => isSameProcess(one, by)) ? 'gone' : judgeActor(by)
  switch (judged) {
    case 'gone':
      return undefined
    case 'alive':
      return { message: `Run ${run} is still running: ${who}`, hint: `Stop it first: handbook runs cancel ${run}` }
    case 'elsewhere':
      return {
        message: `Run ${run} may still be running on ${host}: ${who}`,
        hint: `Go there: ps -p ${pid} shows whether it does, and you can resume it there`,
      }
    default:
      return judged satisfies never
  }
}

function findEnd(run: string, { ending }: RunHistory): Obstacle | undefined {
  if (!ending || ending.refused !== undefined) return undefined
  if (ending.outcome === 'interrupted' || ending.outcome === 'cancelled') return undefined
  return {
    message: `Run ${run} is over: ${ending.outcome.replace('-', ' ')}`,
    hint: 'Run the page again, or part of it: handbook run PAGE --from STEP',
  }
}

/** A page must be what it was, or what is skipped as done might be something else by now. */
function findChange(run: string, { started, blocks }: RunHistory, procedure: Procedure): Obstacle | undefined {
  if (procedure.hash === started.contentHash) return undefined
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const changed = [
    ...started.steps.flatMap(({ id }) => (steps.some(step => step.id === id) ? [] : `step #${id} is gone`)),
    ...steps.flatMap(({ id, block }) => {
      const before = blocks.get(id)
      if (before === undefined) return `step #${id} is new`
      return before === block.hash ? [] : `the block of #${id} is another`
    }),
  ]
  const what = changed.join('; ') || 'its text, but no block'
  return {
    message: `${started.path} has changed since run ${run} started: ${what}`,
    hint: `Restore the old page (git log -p ${started.path}), or start a new run: handbook run ${started.procedure} --from STEP`,
  }
}

/** Whether a step that may be only partially done has to be decided about, because it changes something. */
export function wantsDecision({ open }: RunHistory, procedure: Procedure): boolean {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  return steps.some(({ id, risk }) => open.includes(id) && !isWithin(risk, 'read'))
}
