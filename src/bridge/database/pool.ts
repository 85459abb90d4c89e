import type { Pool, PoolClient } from 'pg'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration/schema.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { errorCode } from '../storage/error-code.ts'

/** Opens a pool with every timeout set. Broken idle connections are logged and replaced. */
export function createPool(database: Configuration['database'], applicationName: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: database.url,
    application_name: applicationName,
    max: database.poolSize,
    connectionTimeoutMillis: database.connectionTimeout,
    statement_timeout: database.statementTimeout,
    query_timeout: database.statementTimeout + 1000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    allowExitOnIdle: false,
  })
  pool.on('error', error => log.warn({ error }, 'an idle database connection broke'))
  pool.on('connect', client => client.on('error', error => log.debug({ error }, 'a database connection broke')))
  return pool
}

/** Runs work in one transaction. A client that failed is closed, because its state is unknown. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Waits for database work. An error caused by a broken database becomes the problem `database-unavailable`. */
export async function guardDatabase<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof BridgeProblem || isOurMistake(cause)) throw cause
    throw new BridgeProblem('database-unavailable', { cause })
  }
}

// SQLSTATE classes 22 (data), 23 (constraint) and 42 (syntax, access), except for tables that are not migrated yet.
function isOurMistake(error: unknown): boolean {
  const code = errorCode(error) ?? ''
  return /^(22|23|42)...$/.test(code) && code !== '42P01' && code !== '42883'
}
