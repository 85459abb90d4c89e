import pg from 'pg'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration/schema.ts'

/** Opens a pool with every timeout set; connections that break while idle are replaced, and logged. */
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
