import type { Pool } from 'pg'
import { type Circuit, readCircuit } from '../database/circuit.ts'
import type { Places } from './places.ts'

/** An upload that is held, and why. */
export interface Hold {
  readonly id: string
  readonly reason: string
}

/** What the old database tells, or why it tells nothing. */
export type OldDatabase =
  | { readonly held: readonly Hold[]; readonly known: ReadonlySet<string>; readonly circuit: Circuit }
  | { readonly problem: string }

/** Asks the old database what is held there, which of some uploads it knows, and whether deliveries are paused. */
export async function askOldDatabase({ inOld }: Places, ids: readonly string[]): Promise<OldDatabase> {
  try {
    return await inOld(async pool => {
      const rows = await findKnown(pool, ids)
      const held = rows.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }]))
      return { held, known: new Set(rows.map(({ id }) => id)), circuit: await readCircuit(pool) }
    })
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

async function findKnown(pool: Pool, ids: readonly string[]) {
  const { rows } = await pool.query<{ id: string; reason: string | null }>(
    `select id, reason from upload_bridge.uploads where state = 'held' or id = any($1)`,
    [ids],
  )
  return rows
}
