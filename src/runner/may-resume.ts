import { isWithin } from '../base/index.ts'
import { isSameProcess, judgeActor, type PastHolder, type RunHistory } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { findPageChanges } from './compare-with-record.ts'

/** What stands in the way of something, and what to do about it. */
export interface Obstacle {
  readonly message: string
  readonly hint?: string
}

/** Why a run cannot be resumed: it is over, its runner is still there, or its page is not what it was. The last may be accepted. */
export function findObstacle(
  run: string,
  history: RunHistory,
  procedure: Procedure,
  gone: readonly PastHolder[] = [],
  accepted = false,
): Obstacle | undefined {
  const other = findEnd(run, history, procedure) ?? findRunner(run, history, gone)
  return other ?? (accepted ? undefined : findChange(run, history, procedure))
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

function findEnd(run: string, history: RunHistory, procedure: Procedure): Obstacle | undefined {
  const { ending, started } = history
  // What nobody asked for is no beginning of a repair: that finds out everything anew.
  if (started.unasked)
    return {
      message: `Run ${run} only looked at an alert before anybody came`,
      hint: `Start a new run: handbook run ${started.procedure}`,
    }
  if (!ending || ending.refused !== undefined) return undefined
  if (ending.outcome === 'interrupted' || ending.outcome === 'cancelled') return undefined
  if (ending.outcome === 'failed') {
    if (!wasRolledBack(history, procedure)) return undefined
    return {
      message: `Run ${run} was rolled back: what it did is undone`,
      hint: `Start a new run: handbook run ${started.procedure}`,
    }
  }
  return {
    message: `Run ${run} is over: ${ending.outcome.replace('-', ' ')}`,
    hint: 'Run the page again, or part of it: handbook run PAGE --from STEP',
  }
}

/** Whether a run that failed undid afterwards what it had done. */
function wasRolledBack({ results, begun }: RunHistory, procedure: Procedure): boolean {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const undoers = steps.flatMap(({ id, undoes }) => (undoes && results.get(id)?.status === 'passed' ? id : []))
  const failed = begun.findLastIndex(id => ['failed', 'timed-out', 'blocked'].includes(results.get(id)?.status ?? ''))
  return failed >= 0 && undoers.some(id => begun.indexOf(id) > failed)
}

/** A page must be what it was, as far as it counts, or what is taken as done might be something else by now. */
function findChange(run: string, history: RunHistory, procedure: Procedure): Obstacle | undefined {
  const { decide } = findPageChanges(procedure, history)
  if (decide.length === 0) return undefined
  const { path, procedure: id } = history.started
  return {
    message: `${path} has changed since run ${run} started: ${decide.join('; ')}`,
    hint: `Restore the old page (git log -p ${path}), start a new run (handbook run ${id} --from STEP), or resume all the same: --accept-page`,
  }
}

/** Whether a step that may be only partially done has to be decided about, because it changes something. */
export function wantsDecision({ open }: RunHistory, procedure: Procedure): boolean {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  return steps.some(({ id, risk }) => open.includes(id) && !isWithin(risk, 'read'))
}
