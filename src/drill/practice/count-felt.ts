import { setTimeout as sleep } from 'node:timers/promises'
import type { Practice } from '../../journal/index.ts'
import type { Felt, RunningWorkload } from '../../lab-port/index.ts'

/** How much customers get acknowledged by the healed lab, before they stop. */
const ENOUGH = 30
/** The longest waits, in milliseconds. */
const PATIENCE = { work: 60_000, count: 120_000 }

/** How a practice ended for its customers. */
interface CountOptions {
  readonly isHealed: boolean
  /** Aborts when the practice was given up. */
  readonly signal: AbortSignal
  /** Aborts when nobody waits for the count any more: then it is unknown. */
  readonly hurry: AbortSignal
}

/** What customers felt until now, and what became of all that was acknowledged. They stop. */
export async function countFelt(
  customers: RunningWorkload | undefined,
  name: string | undefined,
  { isHealed, signal, hurry }: CountOptions,
): Promise<Pick<Practice, 'felt' | 'workload'>> {
  if (!customers || name === undefined) return { felt: null, workload: null }
  if (isHealed) await waitForMore(customers, ENOUGH, PATIENCE.work, signal)
  await customers.stop()
  const felt = customers.felt()
  const counted = await Promise.race([customers.verify(PATIENCE.count), untilAborted(hurry)])
  return {
    felt: { failedShare: felt.failedShare, slowShare: shareOfSlow(felt), longestGapSeconds: felt.longestGapSeconds },
    workload: counted ? { name, acknowledged: customers.acknowledged(), lost: counted.lost } : null,
  }
}

/** The share of attempts that were acknowledged late. */
function shareOfSlow({ course }: Felt): number {
  if (!course) return 0
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const [well, slow, failed] = [sum(course.well), sum(course.slow), sum(course.failed)]
  return Math.round((slow / Math.max(1, well + slow + failed)) * 1000) / 1000
}

async function untilAborted(signal: AbortSignal): Promise<undefined> {
  await sleep(2 ** 31 - 1, undefined, { signal, ref: false }).catch(() => undefined)
  return undefined
}

/** Waits until `more` is acknowledged. Gives `false` when the time, in milliseconds, is over, or the signal aborted. */
export async function waitForMore(
  customers: Pick<RunningWorkload, 'acknowledged'> | undefined,
  more: number,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!customers) return true
  const wanted = customers.acknowledged() + more
  const deadline = Date.now() + timeout
  while (customers.acknowledged() < wanted) {
    if (Date.now() > deadline || signal.aborted) return false
    await sleep(50)
  }
  return true
}
