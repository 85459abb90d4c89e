import type { Pool, PoolClient } from 'pg'
import { inTransaction } from './pool.ts'
import { addDeliveryJob, queueByteRemoval, queueDeliveries, unqueueDelivery } from './queue.ts'

/** The facts of an upload once its bytes are safe. */
export interface ReceivedUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  /** The owner: `key:ID` or `address:IP`. Unknown for uploads that began with an older release. */
  readonly owner?: string | undefined
  /** The header `Upload-Metadata` as the client sent it. */
  readonly metadata?: string | undefined
}

/**
 * Writes the row and its delivery job in one transaction, with what `also` writes. Returns false when this was already done.
 */
export async function acknowledge(
  pool: Pool,
  upload: ReceivedUpload,
  also?: (client: PoolClient) => Promise<void>,
): Promise<boolean> {
  if (also === undefined) return writeAcknowledged(pool, upload)
  return inTransaction(pool, async client => {
    const isNew = await writeAcknowledged(client, upload)
    if (isNew) await also(client)
    return isNew
  })
}

// One statement is a transaction by itself, and is parsed once for each connection.
async function writeAcknowledged(client: Pool | PoolClient, upload: ReceivedUpload): Promise<boolean> {
  const { id, name, size, sha256, owner = null, metadata = null } = upload
  const { rows } = await client.query<{ added: number }>({
    name: 'acknowledge',
    text: `with upload as (
        insert into upload_bridge.uploads (id, name, size, sha256, owner, metadata) values ($1, $2, $3, $4, $5, $6)
          on conflict (id) do nothing returning id
      ) select count(*)::int as added from upload, lateral ${addDeliveryJob('upload.id', '0')}`,
    values: [id, name, size, sha256, owner, metadata],
  })
  return rows[0]?.added === 1
}

/** Records that downstream has the upload, and when its bytes may be removed. */
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

/** Records a failed attempt and queues the next one, unless the upload was held or delivered meanwhile. */
export async function recordFailedAttempt(pool: Pool, id: string, error: string, delay: number): Promise<void> {
  await inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads set attempts = attempts + 1, last_error = $2, crashes = 0
        where id = $1 and state = 'pending'`,
      [id, error],
    )
    if (rowCount === 1) await queueDeliveries(client, [id], delay)
  })
}

/** Records that the bytes of a delivered upload are gone from the volume. */
export async function recordBytesRemoved(pool: Pool, id: string): Promise<void> {
  await pool.query(`update upload_bridge.uploads set bytes_removed_at = now() where id = $1`, [id])
}

/** Holds a pending upload for a recorded reason. Returns false when it is not pending. */
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

/** Releases a held upload and makes it due now. Returns false when it is not held. */
export async function releaseDelivery(pool: Pool, id: string): Promise<boolean> {
  return inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `update upload_bridge.uploads set state = 'pending', reason = null, damage = null, crashes = 0
        where id = $1 and state = 'held'`,
      [id],
    )
    if (rowCount === 1) await queueDeliveries(client, [id])
    return rowCount === 1
  })
}

/** Makes one pending delivery, or all of them, due now. Returns how many. */
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

/** Removes some records of uploads that were delivered more than `olderThan` milliseconds ago and have no bytes here. Returns how many. */
export async function pruneDelivered(pool: Pool, olderThan: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from upload_bridge.uploads where id in (
       select id from upload_bridge.uploads
        where state = 'delivered' and bytes_removed_at is not null
          and acknowledged_at < now() - $1 * interval '1 millisecond'
          and delivered_at < now() - $1 * interval '1 millisecond'
        order by acknowledged_at limit 500 for update skip locked
     )`,
    [olderThan],
  )
  return rowCount ?? 0
}
