import type { Pool } from 'pg'

/** A client that is refused until a time of the database's clock. */
export interface Block {
  /** As an upload's owner: `key:ID`. */
  readonly client: string
  /** Why, in the operator's words. */
  readonly reason: string
  readonly since: Date
  readonly expiresAt: Date
  /** Milliseconds until then. */
  readonly left: number
}

/** The most blocks that are in force at the same time. More are refused, so that every process can keep all in memory. */
export const mostBlocks = 1000

/** Lists the blocks in force, those first that end last. */
export async function listBlocks(pool: Pool): Promise<readonly Block[]> {
  const { rows } = await pool.query<Block>(
    `select client, reason, since, expires_at as "expiresAt",
            (extract(epoch from expires_at - now()) * 1000)::float8 as left
       from upload_bridge.blocks where expires_at > now() order by expires_at desc limit $1`,
    [mostBlocks],
  )
  return rows
}

/**
 * Blocks a client for so many milliseconds from now on, whatever was said of it before, and forgets blocks that ended. Returns undefined when
 * there are too many.
 */
export async function blockClient(
  pool: Pool,
  { client, reason, duration }: Pick<Block, 'client' | 'reason'> & { readonly duration: number },
): Promise<Block | undefined> {
  await pool.query('delete from upload_bridge.blocks where expires_at <= now()')
  const { rowCount } = await pool.query(
    `insert into upload_bridge.blocks (client, reason, expires_at)
     select $1, $2, now() + $3 * interval '1 millisecond'
      where (select count(*) from upload_bridge.blocks where client <> $1) < $4
     on conflict (client) do update set reason = excluded.reason, since = now(), expires_at = excluded.expires_at`,
    [client, reason, duration, mostBlocks],
  )
  if (rowCount === 0) return undefined
  return (await listBlocks(pool)).find(block => block.client === client)
}

/** Ends a block. Returns false when the client was not blocked. */
export async function unblockClient(pool: Pool, client: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from upload_bridge.blocks where client = $1 and expires_at > now()', [
    client,
  ])
  return rowCount === 1
}
