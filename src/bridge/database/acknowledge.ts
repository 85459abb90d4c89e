import type { Pool } from 'pg'
import { queueDeliveries } from './delivery-jobs.ts'
import { inTransaction } from './transaction.ts'

/** What is known of an upload whose bytes are safe. */
export interface ReceivedUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  /** Whose it is: `key:ID` or `address:IP`; unknown of those begun with an older release. */
  readonly owner?: string | undefined
}

/** Writes the row and its delivery job in one transaction; false when that was done before. */
export async function acknowledge(pool: Pool, upload: ReceivedUpload): Promise<boolean> {
  return inTransaction(pool, async client => {
    const { rowCount } = await client.query(
      `insert into upload_bridge.uploads (id, name, size, sha256, owner) values ($1, $2, $3, $4, $5)
        on conflict (id) do nothing`,
      [upload.id, upload.name, upload.size, upload.sha256, upload.owner ?? null],
    )
    if (rowCount === 0) return false
    await queueDeliveries(client, [upload.id])
    return true
  })
}
