import type { Pool } from 'pg'
import { deliverTask } from './delivery-jobs.ts'
import { type DeliveryState, type UploadRow, uploadColumns } from './upload-row.ts'

/** An upload with what the queue knows of its delivery. */
export interface Delivery extends UploadRow {
  /** When the next attempt is due; null when none is queued. */
  readonly nextAttempt: Date | null
  /** Whether a worker is at it now. */
  readonly underWay: boolean
}

/** Lists deliveries in some states, oldest first; all of them when there is no limit. */
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
