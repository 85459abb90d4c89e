import type { Pool } from 'pg'

/** The state of all deliveries at one moment. */
export interface DeliverySummary {
  readonly pending: number
  readonly held: number
  readonly oldestPending: Date | null
  readonly paused: boolean
}

/** Counts deliveries; reads only the index of what is not delivered. */
export async function summarizeDeliveries(pool: Pool): Promise<DeliverySummary> {
  const { rows } = await pool.query<DeliverySummary>(
    `select count(*) filter (where state = 'pending')::int as pending,
            count(*) filter (where state = 'held')::int as held,
            min(acknowledged_at) filter (where state = 'pending') as "oldestPending",
            (select paused from upload_bridge.circuit) as paused
       from upload_bridge.uploads where state <> 'delivered'`,
  )
  return rows[0] ?? { pending: 0, held: 0, oldestPending: null, paused: false }
}

/** Counts all uploads ever delivered; reads much, so it is for people who ask. */
export async function countDelivered(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from upload_bridge.uploads where state = 'delivered'`,
  )
  return rows[0]?.count ?? 0
}
