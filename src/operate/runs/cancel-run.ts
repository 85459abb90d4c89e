import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalProcess } from '../../base/index.ts'
import { type Actor, judgeActor, type RunHistory, type RunStore, readHistory } from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { clearLeftovers, findRun, sayWhenSlow, WATCHING } from './find-run.ts'

/** Milliseconds that a runner gets to end its step and itself; one that does not is killed. */
export const GRACE = 5000

/** A run of which nothing runs any more. */
export interface CancelledRun {
  readonly history: RunHistory
  /** Whether it was over already. */
  readonly over: boolean
  /** Whether its runner was on another machine, and is gone without having ended it: what that left is there. */
  readonly leftFar: boolean
}

/**
 * Ends a run that is under way, and waits until nothing of it runs. Throws a `UsageError` when there is no such run, and a
 * `RefusedError` when it runs on another machine and has not ended.
 */
export async function cancelRun(
  run: string,
  { say, ...ports }: Pick<Ports, 'cwd' | 'env' | 'by' | 'say'>,
): Promise<CancelledRun> {
  const { store, recording } = await findRun(run, ports)
  const history = readHistory(recording.events)
  if (!history) throw new UsageError(`The ledger of ${run} has no start event, so it is not known who runs it`)
  const { by, ending } = history
  if (ending) return { history, over: true, leftFar: false }
  const state = await sayWhenSlow(WATCHING, store.judgeRunner(run, by), say)
  // What signals cannot reach hears of it from the store.
  if (state !== 'gone')
    await store.requestCancel(run, ports.by).catch(error => {
      // On this machine a signal is heard, however full its disk is.
      if (judgeActor(by) === 'alive') return
      const why = error instanceof Error ? error.message : error
      throw new RefusedError(`Run ${run} cannot be asked to end: ${why}`, `Cancel it on ${by.host}`)
    })
  if (state === 'alive' && judgeActor(by) === 'alive' && maySignal(by)) await end(by)
  else if (state !== 'gone')
    await sayWhenSlow(
      judgeActor(by) === 'alive' ? `Asked ${by.user} to end it …` : `Asked ${by.host} to end it …`,
      awaitEnd(store, history),
      say,
    )
  const now = readHistory((await store.read(run))?.events ?? []) ?? history
  const far = by.host !== hostname() || !maySignal(by)
  if (far && !now.ending && (await store.judgeRunner(run, by)) !== 'gone')
    throw new RefusedError(
      `Run ${run} runs on ${by.host}, and has not ended yet: ${by.user}, process ${by.pid}`,
      `It was asked to end: look again with handbook runs show ${run}. If it does not end, cancel it on ${by.host}`,
    )
  await clearLeftovers(now, ports.cwd)
  return { history: now, over: false, leftFar: far && !now.ending }
}

/** Waits for the end of a run on another machine: as long as it may take it to see the request and to end a step. */
async function awaitEnd(store: RunStore, { started }: RunHistory): Promise<void> {
  const signal = AbortSignal.timeout(GRACE * 2)
  const events = store.watch(started.run, signal)[Symbol.asyncIterator]()
  while (!(await events.next()).done);
}

/** Whether signals reach it: those of another account do not. */
function maySignal({ pid }: Actor): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM')
  }
}

async function end(by: Actor): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (by.start === undefined) process.kill(by.pid, name)
    else signalProcess({ pid: by.pid, start: by.start }, name)
    const deadline = performance.now() + GRACE
    while (judgeActor(by) === 'alive' && performance.now() < deadline) await sleep(20)
    if (judgeActor(by) !== 'alive') return
  }
}
