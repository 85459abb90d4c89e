import { constants, copyFile, open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Logger as QueueLogger } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import { closeAdmission, readAdmission } from '../admission/admission.ts'
import { migrate, migrations } from '../database/migrations.ts'
import { inTransaction } from '../database/pool.ts'
import { queueByteRemoval, queueDeliveries } from '../database/queue.ts'
import { errorCode } from '../storage/error-code.ts'
import { uploadFiles } from '../storage/layout.ts'
import { giveToFolderOwner, makeFolder } from '../storage/ownership.ts'
import { syncFolder } from '../storage/replace-file.ts'
import { BackupError, type Manifest } from './manifest.ts'
import { readRows, readUploads } from './rows.ts'
import { type Verification, verifyBackup } from './verify-backup.ts'

/** The place for an import: an empty database, an empty folder of uploads, and a state folder. */
interface RestoreTarget {
  readonly pool: Pool
  readonly queueLogger: QueueLogger
  readonly uploads: string
  readonly statePath: string
  /** How long the bytes of delivered uploads stay, in milliseconds. */
  readonly retainDelivered: number
}

/** The result of an import. */
interface Restored {
  readonly verification: Verification
  readonly bytes: number
  /** Files of the state that already existed and were not changed. */
  readonly kept: readonly string[]
}

/**
 * Imports a backup into an empty place and never overwrites anything: the bytes first, then all rows and their jobs in one transaction.
 * Admission stays closed and deliveries stay paused until an operator opens them, because the backup lacks every later decision. Throws
 * before any change when the backup is damaged, when its schema is newer, or when the place is not empty.
 */
export async function importBackup(target: RestoreTarget, folder: string): Promise<Restored> {
  const verification = await verifyBackup(folder)
  const { manifest, problems } = verification
  if (problems.length > 0)
    throw new BackupError(`the backup is damaged, and nothing was changed:\n${problems.join('\n')}`)
  const unknown = manifest.migrations.filter(name => !migrations.some(known => known.name === name))
  if (unknown.length > 0) {
    throw new BackupError(
      `the backup is of a newer release: this one does not know ${unknown.join(', ')} of its schema`,
    )
  }
  makeFolder(target.uploads)
  if ((await readdir(target.uploads)).length > 0)
    throw new BackupError(`${target.uploads} is not empty; nothing was changed`)
  await migrate(target.pool, target.queueLogger)
  await inTransaction(target.pool, assertEmpty)
  const bytes = await bringBackBytes(manifest, folder, target.uploads)
  await inTransaction(target.pool, async client => {
    await assertEmpty(client)
    await client.query('delete from upload_bridge.circuit')
    for (const { name, columns } of manifest.tables) await bringBackRows(client, folder, name, columns)
    await pauseRestored(client)
    await queueJobs(client, folder, target.retainDelivered)
  })
  const kept = await bringBackState(manifest, folder, target.statePath)
  await closeRestored(target.statePath)
  return { verification, bytes, kept }
}

async function assertEmpty(client: PoolClient): Promise<void> {
  await client.query('lock table upload_bridge.uploads in share row exclusive mode')
  const { rowCount } = await client.query('select from upload_bridge.uploads limit 1')
  if (rowCount !== 0) throw new BackupError('the database is not empty: it has uploads; nothing was changed')
}

async function bringBackBytes(manifest: Manifest, folder: string, uploads: string): Promise<number> {
  const without = new Set([...manifest.uploads.removedMeanwhile, ...manifest.uploads.missing])
  let bytes = 0
  for await (const { id, size, bytes_removed_at } of readUploads(folder)) {
    if (bytes_removed_at !== null || without.has(id)) continue
    await copyDurably(join(folder, 'uploads', id), uploadFiles(uploads, id).data)
    bytes += size
  }
  await syncFolder(uploads)
  return bytes
}

async function copyDurably(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_EXCL)
  giveToFolderOwner(target)
  const file = await open(target, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function bringBackRows(client: PoolClient, folder: string, table: string, columns: readonly string[]) {
  const list = columns.map(name => `"${name}"`).join(', ')
  for await (const lines of readRows(folder, table)) {
    await client.query(
      `insert into upload_bridge."${table}" (${list})
        select ${list} from jsonb_populate_recordset(null::upload_bridge."${table}", $1::jsonb)`,
      [`[${lines.join(',')}]`],
    )
  }
}

async function queueJobs(client: PoolClient, folder: string, retain: number): Promise<void> {
  const pending: string[] = []
  for await (const { id, state, bytes_removed_at } of readUploads(folder)) {
    if (state === 'pending') pending.push(id)
    if (state === 'delivered' && bytes_removed_at === null) await queueByteRemoval(client, id, retain)
  }
  await queueDeliveries(client, pending)
}

async function bringBackState({ files }: Manifest, folder: string, statePath: string): Promise<string[]> {
  makeFolder(statePath)
  const kept: string[] = []
  for (const { path } of files.filter(file => file.path.startsWith('state/'))) {
    const target = join(statePath, basename(path))
    try {
      await copyFile(join(folder, path), target, constants.COPYFILE_EXCL)
      giveToFolderOwner(target)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
      kept.push(basename(path))
    }
  }
  return kept
}

/** Why admission is closed and deliveries are paused after an import. */
const restoreReason = 'a backup is being restored'

/** The `Retry-After` for clients during that time, in seconds. */
const retryAfter = 300

/** Pauses deliveries in the imported rows. A pause from the backup stays, with its reason. */
async function pauseRestored(client: PoolClient): Promise<void> {
  await client.query(
    `insert into upload_bridge.circuit (paused, reason) values (true, $1)
      on conflict (only_row) do update set paused = true, reason = excluded.reason, since = now()
        where not upload_bridge.circuit.paused`,
    [restoreReason],
  )
}

/** Closes admission in the imported state, if it is not closed already. */
async function closeRestored(statePath: string): Promise<void> {
  const admission = await readAdmission(statePath).catch(() => ({ open: true }))
  if (!admission.open) return
  const since = new Date().toISOString()
  await closeAdmission(statePath, { open: false, reason: 'maintenance', retryAfter, since, note: restoreReason })
}
