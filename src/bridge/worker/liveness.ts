import pg from 'pg'
import type { Configuration } from '../configuration/schema.ts'

// The first half of a two-part advisory lock. The second half is the hashed id of the worker.
const lockClass = 726_201
// The second half is the hashed name of a task that one process of the deployment has.
const taskLockClass = 726_202

/** A connection that PostgreSQL closes when this process ends, so that others see that its workers are gone. */
export interface Liveness {
  /** Marks a worker as alive for as long as the connection lasts. */
  claim(workerId: string): Promise<void>
  /** Whether this process is the only one of the deployment with a task; it stays so for as long as the connection lasts. */
  tryToBeTheOnly(task: string): Promise<boolean>
  /** Rejects when the connection ends, and never resolves. */
  readonly lost: Promise<never>
  close(): Promise<void>
}

/** Opens the liveness connection of this process. */
export async function openLiveness(database: Configuration['database']): Promise<Liveness> {
  const client = new pg.Client({
    connectionString: database.url,
    application_name: 'upload-bridge-worker-liveness',
    connectionTimeoutMillis: database.connectionTimeout,
    query_timeout: database.statementTimeout,
    keepAlive: true,
  })
  const won = new Set<string>()
  const lost = new Promise<never>((_resolve, reject) => {
    client.on('error', reject)
    client.on('end', () => reject(new Error('the liveness connection ended')))
  })
  lost.catch(() => {})
  await client.connect()
  // All workers of a process begin at the same time, and a connection takes one query at a time.
  let turn: Promise<unknown> = Promise.resolve()
  return {
    lost,
    async claim(workerId) {
      const lock = () => client.query('select pg_advisory_lock($1, hashtext($2))', [lockClass, workerId])
      turn = turn.then(lock, lock)
      await turn
    },
    async tryToBeTheOnly(task) {
      if (won.has(task)) return true
      const ask = () =>
        client.query<{ won: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as won', [taskLockClass, task])
      const asked = turn.then(ask, ask)
      turn = asked
      if ((await asked).rows[0]?.won === true) won.add(task)
      return won.has(task)
    },
    close: () => client.end().catch(() => {}),
  }
}

/** Unlocks the jobs of workers without a connection, however they ended. Returns these workers. */
export async function releaseJobsOfTheDead(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ dead: string[] | null }>(
    `with holders as materialized (select distinct locked_by as id from graphile_worker.jobs where locked_by is not null)
     select array_agg(id) as dead from holders where pg_try_advisory_xact_lock($1, hashtext(id))`,
    [lockClass],
  )
  const dead = rows[0]?.dead ?? []
  if (dead.length > 0) await pool.query('select graphile_worker.force_unlock_workers($1)', [dead])
  return dead
}
