import type { Pool } from 'pg'
import { inTransaction } from './pool.ts'
import { queueDeliveries } from './queue.ts'

/** Whether deliveries are paused for everybody, why and since when. */
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

/** Closes the circuit and makes every waiting delivery due now; returns how many wait. */
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
