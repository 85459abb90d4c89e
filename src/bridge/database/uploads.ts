import type { Pool } from 'pg'
import { guardDatabase } from './pool.ts'
import { deliverTask } from './queue.ts'

/** The state of an acknowledged upload. */
export type DeliveryState = 'pending' | 'delivered' | 'held'

/** An acknowledged upload. */
export interface UploadRow {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly lastError: string | null
  readonly acknowledgedAt: Date
  readonly deliveredAt: Date | null
  readonly owner: string | null
  /** The header `Upload-Metadata` as the client sent it. */
  readonly metadata: string | null
  /** What is wrong with its bytes on the volume; null as long as nothing is known to be. */
  readonly damage: string | null
}

/** The select list for an UploadRow. Sizes stay below 2^53, so a number can hold them. */
const uploadColumns = `
  id, name, size::float8 as size, sha256, state, reason, attempts, last_error as "lastError",
  acknowledged_at as "acknowledgedAt", delivered_at as "deliveredAt", owner, metadata, damage
`

/** Which uploads to list. */
interface UploadFilter {
  readonly states: readonly DeliveryState[]
  /** Only uploads acknowledged until then. */
  readonly before: Date
  /** The largest number of uploads; undefined means all. */
  readonly limit: number | undefined
}

/** Finds one acknowledged upload. */
export async function findUpload(pool: Pool, id: string): Promise<UploadRow | undefined> {
  const { rows } = await pool.query<UploadRow>(`select ${uploadColumns} from upload_bridge.uploads where id = $1`, [id])
  return rows[0]
}

/** Which of these ids were acknowledged. */
export async function findAcknowledged(pool: Pool, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(`select id from upload_bridge.uploads where id = any($1)`, [ids])
  return new Set(rows.map(row => row.id))
}

/** Lists acknowledged uploads, oldest first. */
export async function listUploads(pool: Pool, filter: UploadFilter): Promise<readonly UploadRow[]> {
  const { rows } = await pool.query<UploadRow>(
    `select ${uploadColumns} from upload_bridge.uploads
      where state = any($1) and acknowledged_at <= $2 order by acknowledged_at limit $3`,
    [filter.states, filter.before, filter.limit ?? null],
  )
  return rows
}

/** The ids of all uploads that wait to be delivered. */
export async function listWaiting(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(`select id from upload_bridge.uploads where state = 'pending'`)
  return rows.map(({ id }) => id)
}

/** An upload with the queue's data about its delivery. */
export interface Delivery extends UploadRow {
  /** When the next attempt is due; null when none is queued. */
  readonly nextAttempt: Date | null
  /** Whether a worker is delivering it now. */
  readonly underWay: boolean
}

/** Lists deliveries in some states, oldest first. Without a limit it lists all. */
export async function listDeliveries(
  pool: Pool,
  states: readonly DeliveryState[],
  limit: number | undefined,
): Promise<readonly Delivery[]> {
  return select(pool, `where state = any($2) order by "acknowledgedAt" limit $3`, [states, limit ?? null])
}

/** Finds one delivery. */
export async function findDelivery(pool: Pool, id: string): Promise<Delivery | undefined> {
  return (await select(pool, `where upload.id = $2`, [id]))[0]
}

async function select(pool: Pool, condition: string, values: readonly unknown[]): Promise<readonly Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `select upload.*, job.run_at as "nextAttempt", job.locked_at is not null as "underWay"
       from (select ${uploadColumns} from upload_bridge.uploads) as upload
       left join graphile_worker.jobs as job on job.key = $1 || ':' || upload.id
      ${condition}`,
    [deliverTask, ...values],
  )
  return rows
}

/** The bytes of a client's acknowledged uploads on the volume. Throws `database-unavailable`. */
export async function sumBytesAtRest(pool: Pool, owner: string): Promise<number> {
  const { rows } = await guardDatabase(
    pool.query<{ bytes: number }>(
      `select coalesce(sum(size), 0)::float8 as bytes from upload_bridge.uploads
        where owner = $1 and bytes_removed_at is null`,
      [owner],
    ),
  )
  return rows[0]?.bytes ?? 0
}
