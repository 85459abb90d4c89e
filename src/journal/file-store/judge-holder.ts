import { setTimeout as sleep } from 'node:timers/promises'
import { isOfThisBoot } from '../../base/index.ts'
import { judgeActor } from '../judge-actor.ts'
import { type LeaseFile, readLeaseFile } from './lease-file.ts'

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
