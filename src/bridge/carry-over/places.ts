import type { Pool } from 'pg'
import type { Configuration } from '../configuration/schema.ts'
import { type Circuit, readCircuit } from '../database/queue.ts'
import type { Trail } from './read-trail.ts'

/** Works with the database of a place, and throws when it does not answer. */
export type InDatabase = <Result>(work: (pool: Pool) => Promise<Result>) => Promise<Result>

/** The new deployment, which replaces an old one. */
export interface NewPlace {
  readonly to: Configuration
  readonly inNew: InDatabase
  readonly now: Date
}

/** The new deployment together with the old one. */
export interface CarryOverPlaces extends NewPlace {
  readonly from: Configuration
  readonly inOld: InDatabase
  /** The audit trail of the old place, which is read when it is needed. */
  readonly trail: () => Promise<Trail>
}

/** An upload that is held, and why. */
export interface Hold {
  readonly id: string
  readonly reason: string
}

/** The answer of the old database, or why there is none. */
export type OldDatabase =
  | { readonly held: readonly Hold[]; readonly known: ReadonlySet<string>; readonly circuit: Circuit }
  | { readonly problem: string }

/** Asks the old database which uploads are held, which of these ids it knows, and whether deliveries are paused. */
export async function askOldDatabase({ inOld }: CarryOverPlaces, ids: readonly string[]): Promise<OldDatabase> {
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
