import type { PoolClient } from 'pg'
import type { Logger } from 'pino'
import { inTransaction } from '../database/pool.ts'
import { deliverTask, deliveryFlag, maxAttempts, unqueueDelivery } from '../database/queue.ts'
import type { WorkerRoom } from './deliver.ts'
import { releaseJobsOfTheDead } from './liveness.ts'

// A single death has many reasons, and a second one may be chance.
const enoughCrashes = 3

/**
 * Gives back the jobs of workers that died. What they were delivering is suspect: it is tried again, one such upload at a time, and held
 * when workers died over it three times in a row. So an upload that kills every worker does not stop the others.
 */
export async function recoverFromTheDead(room: RecoveringRoom): Promise<void> {
  await inTransaction(room.pool, async client => {
    const { dead, interrupted } = await releaseJobsOfTheDead(client)
    if (dead.length > 0) room.log.warn({ 'queue.workers': dead }, 'gave back the jobs of workers that are gone')
    for (const { worker, id } of interrupted) {
      // This process lives, so its own worker lost only its connection.
      if (room.workerIds.has(worker)) continue
      room.countCrash()
      await suspect(client, id, room.log)
    }
  })
}

async function suspect(client: PoolClient, id: string, log: Logger): Promise<void> {
  const { rows } = await client.query<{ crashes: number }>(
    `update upload_bridge.uploads set crashes = crashes + 1 where id = $1 and state = 'pending' returning crashes`,
    [id],
  )
  const crashes = rows[0]?.crashes
  if (crashes === undefined) return
  const fields = { 'upload.id': id, 'delivery.crashes': crashes }
  if (crashes < enoughCrashes) {
    log.warn(fields, 'a worker died while it delivered an upload; trying it again, and no other such upload beside it')
    await queueSuspect(client, id)
  } else {
    log.error(fields, 'workers died again and again while they delivered an upload; holding it')
    const reason = `the worker died ${crashes} times while it delivered it`
    await client.query(`update upload_bridge.uploads set state = 'held', reason = $2 where id = $1`, [id, reason])
    await unqueueDelivery(client, id)
  }
}

/** The queue works on jobs with the same queue name one after another. */
async function queueSuspect(client: PoolClient, id: string): Promise<void> {
  await client.query(
    `select graphile_worker.add_job(
       identifier => $1, payload => json_build_object('id', $2::text), job_key => $1 || ':' || $2,
       queue_name => 'suspect-uploads', max_attempts => $3, flags => array[$4]
     )`,
    [deliverTask, id, maxAttempts, deliveryFlag],
  )
}

/** The parts of the service that this needs. */
export interface RecoveringRoom extends Pick<WorkerRoom, 'pool' | 'log'> {
  /** The ids of this process's workers since it started. */
  readonly workerIds: Set<string>
  readonly countCrash: () => void
}
