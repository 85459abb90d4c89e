import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningWorkload } from '../lab-port/index.ts'

/**
 * Waits until a workload has had this much more acknowledged than now; `false` when it has not within `timeout` milliseconds, or when
 * nobody waits any longer. Without a workload there is nothing to wait for.
 */
export async function waitForMore(
  workload: Pick<RunningWorkload, 'acknowledged'> | undefined,
  more: number,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!workload) return true
  const wanted = workload.acknowledged() + more
  const deadline = Date.now() + timeout
  while (workload.acknowledged() < wanted) {
    if (Date.now() > deadline || signal.aborted) return false
    await sleep(50)
  }
  return true
}
