import type { Pool } from 'pg'
import { inTransaction } from './pool.ts'
import { unqueueDelivery } from './queue.ts'

/** An acknowledged upload whose bytes must still be on the volume. */
export interface UploadAtRest {
  readonly id: string
  readonly size: number
  readonly sha256: string
}

// One that is held because of its damage is known: a person brings its bytes back and releases it.
const atRest = `state <> 'delivered' and (damage is null or damage <> reason)`

// Soon enough to notice that the bytes of an upload that is held for another reason are whole again.
const damagedEvery = 5 * 60_000

/** Lists some of the uploads at rest, by id. */
export async function listAtRest(pool: Pool, afterId: string): Promise<readonly UploadAtRest[]> {
  const { rows } = await pool.query<UploadAtRest>(
    `select id, size::float8 as size, sha256 from upload_bridge.uploads where ${atRest} and id > $1 order by id limit 500`,
    [afterId],
  )
  return rows
}

/** The upload whose bytes nobody has read for the longest time; undefined when all were read within `every` milliseconds. */
export async function findUnread(pool: Pool, every: number): Promise<UploadAtRest | undefined> {
  const { rows } = await pool.query<UploadAtRest>(
    `select id, size::float8 as size, sha256 from upload_bridge.uploads
      where ${atRest} and coalesce(scrubbed_at, acknowledged_at)
            <= now() - (case when damage is null then $1::float8 else least($1, $2) end) * interval '1 millisecond'
      order by coalesce(scrubbed_at, acknowledged_at) limit 1`,
    [every, damagedEvery],
  )
  return rows[0]
}

/** Records that an upload has the bytes that were acknowledged. It releases nothing. */
export async function recordWhole(pool: Pool, id: string): Promise<void> {
  await pool.query(
    `update upload_bridge.uploads
        set scrubbed_at = now(), damage = case when damage = reason then damage end where id = $1`,
    [id],
  )
}

/**
 * Records that an acknowledged upload is damaged, and holds it. What is held already keeps its reason, so that nobody releases it because
 * its bytes are back. Returns whether this is new; false, too, when it was delivered meanwhile.
 */
export async function recordDamage(pool: Pool, id: string, damage: string): Promise<boolean> {
  return inTransaction(pool, async client => {
    const { rows } = await client.query<{ before: string | null }>(
      `update upload_bridge.uploads as changed
          set state = 'held', reason = coalesce(changed.reason, $2), damage = $2, scrubbed_at = now()
         from (select id, damage from upload_bridge.uploads where id = $1 for update) as found
        where changed.id = found.id and changed.state <> 'delivered'
        returning found.damage as before`,
      [id, damage],
    )
    const [row] = rows
    if (row !== undefined) await unqueueDelivery(client, id)
    return row !== undefined && row.before === null
  })
}

/** Whether any worker of this deployment works on the queue at this moment. */
export async function isQueueBusy(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query('select from graphile_worker.jobs where locked_at is not null limit 1')
  return rows.length > 0
}
