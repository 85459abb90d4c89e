import { join } from 'node:path'
import type { Actor } from '../event.ts'
import { judgeActor } from '../judge-actor.ts'
import { isSameProcess } from '../lease.ts'
import { findLast } from './claim-lease.ts'
import { judgeHolder } from './judge-holder.ts'
import { readLeaseFile } from './lease-file.ts'

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
