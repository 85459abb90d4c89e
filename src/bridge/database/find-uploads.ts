import type { Pool } from 'pg'
import { type DeliveryState, type UploadRow, uploadColumns } from './upload-row.ts'

/** Which uploads to list. */
export interface UploadFilter {
  readonly states: readonly DeliveryState[]
  /** Only those acknowledged until then. */
  readonly before: Date
  /** At most this many; all when undefined. */
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
