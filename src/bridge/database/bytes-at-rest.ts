import type { Pool } from 'pg'
import { guardDatabase } from './guard-database.ts'

/** The bytes that a client's acknowledged uploads take on the volume; throws `database-unavailable`. */
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
