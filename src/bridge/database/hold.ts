import type { Pool } from 'pg'
import { queueDeliveries, unqueueDelivery } from './delivery-jobs.ts'
import { inTransaction } from './transaction.ts'

/** Holds a pending upload for a recorded reason; false when it is not pending. */
export async function holdDelivery(pool: Pool, id: string, reason: string): Promise<boolean> {
  return inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads set state = 'held', reason = $2 where id = $1 and state in ('pending', 'held')`,
      [id, reason],
    )
    if (rowCount === 1) await unqueueDelivery(client, id)
    return rowCount === 1
  })
}

/** Releases a held upload, due now; false when it is not held. */
export async function releaseDelivery(pool: Pool, id: string): Promise<boolean> {
  return inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads set state = 'pending', reason = null where id = $1 and state = 'held'`,
      [id],
    )
    if (rowCount === 1) await queueDeliveries(client, [id])
    return rowCount === 1
  })
}

/** Makes one pending delivery, or all of them, due now; returns how many. */
export async function retryDeliveries(pool: Pool, id: string | 'all'): Promise<number> {
  return inTransaction(pool, async client => {
    const { rows } = await client.query<{ id: string }>(
      `select id from upload_bridge.uploads where state = 'pending' and ($1 = 'all' or id = $1)`,
      [id],
    )
    await queueDeliveries(
      client,
      rows.map(row => row.id),
    )
    return rows.length
  })
}
