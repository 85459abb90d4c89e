/** A step of the schema; steps are only ever appended, and stay readable by the release before. */
export interface Migration {
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
    // The release before writes no owner, and reads none.
    name: '003-owner',
    sql: `
      alter table upload_bridge.uploads add column owner text;
      create index uploads_at_rest on upload_bridge.uploads (owner) where bytes_removed_at is null;
    `,
  },
]
