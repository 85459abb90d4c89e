import { type Logger as QueueLogger, runMigrations } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'

const advisoryLock = 7_262_014_001

/** Brings the schema up to date. Many processes may run it at once, and again. */
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

/** A migration. New ones are only added at the end, and the release before must still be able to use the schema. */
interface Migration {
  readonly name: string
  readonly sql: string
}

/** The schema of Upload Bridge, in order. The queue’s own schema belongs to graphile-worker. */
export const migrations: readonly Migration[] = [
  {
    name: '001-uploads',
    sql: `
      create table upload_bridge.uploads (
        id text primary key,
        name text not null,
        size bigint not null check (size >= 0),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        state text not null default 'pending' check (state in ('pending', 'delivered', 'held')),
        reason text check ((state = 'held') = (reason is not null)),
        attempts integer not null default 0,
        last_error text,
        acknowledged_at timestamptz not null default now(),
        delivered_at timestamptz,
        bytes_removed_at timestamptz
      );
      create index uploads_undelivered on upload_bridge.uploads (state, acknowledged_at) where state <> 'delivered';
      create index uploads_by_time on upload_bridge.uploads (acknowledged_at);
    `,
  },
  {
    name: '002-circuit',
    sql: `
      create table upload_bridge.circuit (
        only_row boolean primary key default true check (only_row),
        paused boolean not null default false,
        reason text,
        since timestamptz not null default now()
      );
      insert into upload_bridge.circuit default values;
    `,
  },
  {
    // The release before neither writes nor reads an owner.
    name: '003-owner',
    sql: `
      alter table upload_bridge.uploads add column owner text;
      create index uploads_at_rest on upload_bridge.uploads (owner) where bytes_removed_at is null;
    `,
  },
  {
    // The release before neither writes nor reads metadata.
    name: '004-metadata',
    sql: 'alter table upload_bridge.uploads add column metadata text;',
  },
  {
    // The release before holds damaged uploads for that reason alone, and never looks at those at rest.
    name: '005-scrub',
    sql: `
      alter table upload_bridge.uploads add column scrubbed_at timestamptz, add column damage text;
      create index uploads_unread on upload_bridge.uploads (coalesce(scrubbed_at, acknowledged_at)) where state <> 'delivered';
    `,
  },
  {
    // The release before does not know it, and answers each request under a key anew.
    name: '006-idempotency',
    sql: `
      create table upload_bridge.idempotency (
        client text not null,
        key text not null,
        token uuid not null unique,
        kept_until timestamptz not null,
        answer jsonb,
        primary key (client, key)
      );
      create index idempotency_by_time on upload_bridge.idempotency (kept_until);
    `,
  },
  {
    // The release before does not know it, and blocks nobody.
    name: '007-blocks',
    sql: `
      create table upload_bridge.blocks (
        client text primary key,
        reason text not null,
        since timestamptz not null default now(),
        expires_at timestamptz not null
      );
    `,
  },
  {
    // The release before does not count them, and delivers such an upload again and again.
    name: '008-crashes',
    sql: 'alter table upload_bridge.uploads add column crashes smallint not null default 0;',
  },
]
