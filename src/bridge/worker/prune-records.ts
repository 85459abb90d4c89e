import { setTimeout as wait } from 'node:timers/promises'
import { pruneDelivered } from '../database/upload-states.ts'
import type { WorkerRoom } from './deliver.ts'

const longestPause = 3_600_000
const shortestPause = 500

/** Removes the records of uploads that were delivered long ago and whose bytes are gone, again and again. */
export async function pruneRecords(room: WorkerRoom, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const { retainRecords } = room.configuration.storage
    try {
      let count = 0
      for (let pruned = -1; pruned !== 0 && !ended.aborted; count += pruned)
        pruned = await pruneDelivered(room.pool, retainRecords)
      if (count > 0) room.log.info({ 'records.count': count }, 'removed the records of uploads delivered long ago')
    } catch (error) {
      room.log.warn({ error }, 'old records could not be removed; trying again later')
    }
    const pause = Math.min(longestPause, Math.max(shortestPause, retainRecords / 20))
    await wait(pause, undefined, { signal: ended }).catch(() => {})
  }
}
