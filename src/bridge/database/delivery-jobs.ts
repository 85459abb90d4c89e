import type { Pool, PoolClient } from 'pg'

/** The queue's name for delivering one upload. */
export const deliverTask = 'deliver'
/** The queue's name for removing the bytes of a delivered upload. */
export const removeBytesTask = 'remove-bytes'
/** Jobs with this flag wait while deliveries are paused. */
export const deliveryFlag = 'delivery'

// The queue's counter is a smallint, and a delivery never gives up.
const maxAttempts = 32_767

/** Queues the delivery of uploads, replacing what was queued for them; part of the caller's transaction. */
export async function queueDeliveries(client: Pool | PoolClient, ids: readonly string[], delay = 0): Promise<void> {
  await client.query(
    `select count(*) from unnest($1::text[]) as upload(id), lateral graphile_worker.add_job(
       identifier => $2, payload => json_build_object('id', upload.id), job_key => $2 || ':' || upload.id,
       run_at => now() + $3 * interval '1 millisecond', max_attempts => $4, flags => array[$5]
     )`,
    [ids, deliverTask, delay, maxAttempts, deliveryFlag],
  )
}

/** Takes deliveries off the queue; part of the caller's transaction. */
export async function unqueueDeliveries(client: PoolClient, ids: readonly string[]): Promise<void> {
  await client.query(
    `select count(*) from unnest($1::text[]) as upload(id), lateral graphile_worker.remove_job($2 || ':' || upload.id)`,
    [ids, deliverTask],
  )
}

/** Queues the removal of a delivered upload's bytes after a delay in milliseconds; part of the caller's transaction. */
export async function queueByteRemoval(client: PoolClient, id: string, delay: number): Promise<void> {
  await client.query(
    `select graphile_worker.add_job(
       identifier => $2, payload => json_build_object('id', $1::text), job_key => $2 || ':' || $1,
       run_at => now() + $3 * interval '1 millisecond', max_attempts => $4
     )`,
    [id, removeBytesTask, delay, maxAttempts],
  )
}
