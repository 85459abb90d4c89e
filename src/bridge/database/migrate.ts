import { type Logger as QueueLogger, runMigrations } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import { type Migration, migrations } from './migrations.ts'

const advisoryLock = 7_262_014_001

/** Brings the schema up to date; safe to run from many processes at once, and again. */
export async function migrate(pool: Pool, queueLogger: QueueLogger): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    await runMigrations({ pgPool: pool, logger: queueLogger })
    await applyAll(client)
  } finally {
    // Closing the session also gives the advisory lock back.
    client.release(true)
  }
}

async function applyAll(client: PoolClient): Promise<void> {
  await client.query(`
    create schema if not exists upload_bridge;
    create table if not exists upload_bridge.migrations (
      name text primary key, applied_at timestamptz not null default now()
    );
  `)
  const { rows } = await client.query<{ name: string }>('select name from upload_bridge.migrations')
  const applied = new Set(rows.map(row => row.name))
  for (const migration of migrations) if (!applied.has(migration.name)) await apply(client, migration)
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin')
  await client.query(migration.sql)
  await client.query('insert into upload_bridge.migrations (name) values ($1)', [migration.name])
  await client.query('commit')
}
