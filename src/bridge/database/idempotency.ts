import { randomUUID } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'

/** How a request with a key was answered. */
export interface RecordedAnswer {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** A client and the key that it sent. */
export interface ClientKey {
  readonly client: string
  readonly key: string
}

/** What became of the wish to work under a key: it is ours, another request works under it, or one has been answered. */
export type Claim =
  | { readonly kind: 'taken'; readonly token: string }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'answered'; readonly answer: RecordedAnswer }

/** How long, in milliseconds, a request keeps its key without a sign of life of its process. */
const leaseTime = 15_000

/** Takes a key that nobody works under and that is not remembered any more. */
export async function claimKey(pool: Pool, { client, key }: ClientKey): Promise<Claim> {
  const token = randomUUID()
  await pool.query('delete from upload_bridge.idempotency where kept_until < now()')
  const { rowCount } = await pool.query(
    `insert into upload_bridge.idempotency (client, key, token, kept_until)
     values ($1, $2, $3, now() + $4 * interval '1 millisecond')
     on conflict (client, key) do update set token = excluded.token, kept_until = excluded.kept_until, answer = null
       where idempotency.kept_until < now()`,
    [client, key, token, leaseTime],
  )
  if (rowCount === 1) return { kind: 'taken', token }
  const { rows } = await pool.query<{ answer: RecordedAnswer | null }>(
    'select answer from upload_bridge.idempotency where client = $1 and key = $2',
    [client, key],
  )
  const answer = rows[0]?.answer ?? undefined
  return answer === undefined ? { kind: 'under-way' } : { kind: 'answered', answer }
}

/** Shows that requests under these claims are still under way. */
export async function renewClaims(pool: Pool, tokens: readonly string[]): Promise<void> {
  await pool.query(
    `update upload_bridge.idempotency set kept_until = now() + $2 * interval '1 millisecond'
      where token = any($1) and answer is null`,
    [tokens, leaseTime],
  )
}

/** Gives a key back that has no answer, so that the client can try again. */
export async function giveBackKey(pool: Pool, token: string): Promise<void> {
  await pool.query('delete from upload_bridge.idempotency where token = $1 and answer is null', [token])
}

/** Records the answer in the caller's transaction, for `keep` milliseconds. Returns false when the key is not ours any more. */
export async function recordAnswer(
  client: PoolClient,
  token: string,
  { id, name, size, sha256 }: RecordedAnswer,
  keep: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update upload_bridge.idempotency set answer = $2, kept_until = now() + $3 * interval '1 millisecond'
      where token = $1 and answer is null`,
    [token, JSON.stringify({ id, name, size, sha256 }), keep],
  )
  return rowCount === 1
}
