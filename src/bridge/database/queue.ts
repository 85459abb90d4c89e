import { Logger as QueueLogger } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'
import { inTransaction } from './pool.ts'

/** The queue's name for delivering one upload. */
export const deliverTask = 'deliver'
/** The queue's name for removing the bytes of a delivered upload. */
export const removeBytesTask = 'remove-bytes'
/** Jobs with this flag wait while deliveries are paused. */
export const deliveryFlag = 'delivery'

/** The queue counts attempts in a smallint, and a delivery never gives up. */
export const maxAttempts = 32_767

// Small enough that one statement stays below the statement timeout, however many uploads wait.
const batchSize = 500

/** The call that queues a delivery and replaces its earlier job, as SQL. */
export function addDeliveryJob(id: string, delay: string): string {
  return `graphile_worker.add_job(
    identifier => '${deliverTask}', payload => json_build_object('id', ${id}), job_key => '${deliverTask}:' || ${id},
    run_at => now() + ${delay} * interval '1 millisecond', max_attempts => ${maxAttempts}, flags => array['${deliveryFlag}']
  )`
}

/** Queues the delivery of uploads and replaces their earlier jobs, in the caller's transaction. */
export async function queueDeliveries(client: Pool | PoolClient, ids: readonly string[], delay = 0): Promise<void> {
  for (let start = 0; start < ids.length; start += batchSize) {
    await client.query(
      `select count(*) from unnest($1::text[]) as upload(id), lateral ${addDeliveryJob('upload.id', '$2')}`,
      [ids.slice(start, start + batchSize), delay],
    )
  }
}

/** Removes a delivery from the queue, in the caller's transaction. */
export async function unqueueDelivery(client: PoolClient, id: string): Promise<void> {
  await client.query(`select graphile_worker.remove_job($1)`, [`${deliverTask}:${id}`])
}

/** Queues the removal of a delivered upload's bytes after a delay in milliseconds, in the caller's transaction. */
export async function queueByteRemoval(client: PoolClient, id: string, delay: number): Promise<void> {
  await client.query(
    `select graphile_worker.add_job(
       identifier => $2, payload => json_build_object('id', $1::text), job_key => $2 || ':' || $1,
       run_at => now() + $3 * interval '1 millisecond', max_attempts => $4
     )`,
    [id, removeBytesTask, delay, maxAttempts],
  )
}

/** Lets graphile-worker write to our log. Its messages about single jobs have the level debug. */
export function createQueueLogger(log: Logger): QueueLogger {
  return new QueueLogger(scope => (level, message) => {
    const fields = { queue: scope }
    switch (`${level}`) {
      case 'error':
        return log.error(fields, message)
      case 'warning':
        return log.warn(fields, message)
      default:
        return log.debug(fields, message)
    }
  })
}

/** Whether all deliveries are paused, why, and since when. */
export interface Circuit {
  readonly paused: boolean
  readonly reason: string | null
  readonly since: Date
}

/** Reads the circuit. */
export async function readCircuit(pool: Pool): Promise<Circuit> {
  const { rows } = await pool.query<Circuit>('select paused, reason, since from upload_bridge.circuit')
  return rows[0] ?? { paused: false, reason: null, since: new Date(0) }
}

/** Opens the circuit: workers begin no more attempts. */
export async function pauseDeliveries(pool: Pool, reason: string | undefined): Promise<Circuit> {
  await pool.query(
    `update upload_bridge.circuit set since = case when paused then since else now() end, paused = true, reason = $1`,
    [reason ?? null],
  )
  return readCircuit(pool)
}

/** Closes the circuit and makes every waiting delivery due now. Returns how many wait. */
export async function resumeDeliveries(pool: Pool): Promise<number> {
  return inTransaction(pool, async client => {
    await client.query(
      `update upload_bridge.circuit set since = case when paused then now() else since end, paused = false, reason = null`,
    )
    const { rows } = await client.query<{ id: string }>(`select id from upload_bridge.uploads where state = 'pending'`)
    await queueDeliveries(
      client,
      rows.map(row => row.id),
    )
    return rows.length
  })
}
