import type { Pool } from 'pg'
import { queueByteRemoval, queueDeliveries } from './delivery-jobs.ts'
import { inTransaction } from './transaction.ts'

/** Records that downstream has the upload, and when its bytes may go. */
export async function recordDelivered(pool: Pool, id: string, retain: number): Promise<void> {
  await inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads
          set state = 'delivered', reason = null, delivered_at = now(), attempts = attempts + 1, last_error = null
        where id = $1 and state <> 'delivered'`,
      [id],
    )
    if (rowCount === 1) await queueByteRemoval(client, id, retain)
  })
}

/** Records a failed attempt and queues the next, unless the upload was held or delivered meanwhile. */
export async function recordFailedAttempt(pool: Pool, id: string, error: string, delay: number): Promise<void> {
  await inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads set attempts = attempts + 1, last_error = $2 where id = $1 and state = 'pending'`,
      [id, error],
    )
    if (rowCount === 1) await queueDeliveries(client, [id], delay)
  })
}

/** Records that the bytes of a delivered upload are gone from the volume. */
export async function recordBytesRemoved(pool: Pool, id: string): Promise<void> {
  await pool.query(`update upload_bridge.uploads set bytes_removed_at = now() where id = $1`, [id])
}
