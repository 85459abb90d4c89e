import pg from 'pg'
import type { Configuration } from '../configuration/schema.ts'
import { deliverTask } from '../database/queue.ts'

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

/** Unlocks the jobs of workers without a connection, however they ended, in the caller's transaction. */
export async function releaseJobsOfTheDead(client: pg.PoolClient): Promise<Released> {
  const { rows } = await client.query<{ dead: string[] | null }>(
    `with holders as materialized (select distinct locked_by as id from graphile_worker.jobs where locked_by is not null)
     select array_agg(id) as dead from holders where pg_try_advisory_xact_lock($1, hashtext(id))`,
    [lockClass],
  )
  const dead = rows[0]?.dead ?? []
  if (dead.length === 0) return { dead, interrupted: [] }
  const { rows: interrupted } = await client.query<Released['interrupted'][number]>(
    `select locked_by as worker, substr(key, length($2) + 2) as id from graphile_worker.jobs
      where locked_by = any($1) and task_identifier = $2 and key is not null`,
    [dead, deliverTask],
  )
  await client.query('select graphile_worker.force_unlock_workers($1)', [dead])
  return { dead, interrupted }
}

/** What the workers without a connection left. */
interface Released {
  readonly dead: readonly string[]
  /** The uploads that they were delivering. */
  readonly interrupted: readonly { readonly worker: string; readonly id: string }[]
}
