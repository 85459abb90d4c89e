import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isOfThisBoot } from '../../base/index.ts'
import type { Actor } from '../event.ts'
import { isSameProcess, judgeActor } from '../lease.ts'
import { findLast, type LeaseFile, readLeaseFile } from './lease-file.ts'

/** How many renewals a holder may miss: it may be slow, and so may a shared folder. */
const MISSED = 10

/**
 * Whether a lease's holder is there. On its own machine its process tells that at once. From elsewhere it is watched whether its
 * counter moves, by the watcher's own monotonic clock: no two machines agree on the time. `elsewhere`: its holder writes no counter,
 * and only its own machine can tell. `changed`: the lease is another's by now, or nobody's.
 */
export async function judgeHolder(
  file: string,
  { holder, renews, counter }: Extract<LeaseFile, { state: 'held' }>,
): Promise<'alive' | 'gone' | 'elsewhere' | 'changed'> {
  const quick = judgeActor(holder)
  if (quick === 'alive' || renews === undefined) return quick
  // A process of another boot may be one of another machine with the same name.
  if (quick === 'gone' && (holder.start === undefined || isOfThisBoot({ start: holder.start }))) return 'gone'
  const end = performance.now() + renews * MISSED
  while (performance.now() < end) {
    await sleep(Math.min(renews / 2, 500))
    const now = readLeaseFile(file)
    if (now.state !== 'held') return 'changed'
    if (now.counter !== counter) return 'alive'
  }
  return 'gone'
}

/** Whether a run's runner is still there: by its process on its own machine, by the run's lease on another. */
export async function judgeRunner(lease: string, by: Actor): Promise<'alive' | 'gone' | 'elsewhere'> {
  const quick = judgeActor(by)
  if (quick !== 'elsewhere') return quick
  for (;;) {
    const file = findFile(lease)
    if (file === undefined) return 'elsewhere'
    const content = readLeaseFile(file)
    if (content.state === 'damaged') return 'elsewhere'
    if (content.gone.some(one => isSameProcess(one, by))) return 'gone'
    // Somebody else's lease, or one that is not renewed, says nothing of this runner.
    if (content.state !== 'held' || content.renews === undefined || !isSameProcess(content.holder, by))
      return 'elsewhere'
    const judged = await judgeHolder(file, content)
    if (judged !== 'changed') return judged
  }
}

function findFile(lease: string): string | undefined {
  try {
    const last = findLast(lease)
    return last === 0 ? undefined : join(lease, String(last))
  } catch {
    return undefined
  }
}
