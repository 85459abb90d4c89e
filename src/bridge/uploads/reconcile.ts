import { rm, stat } from 'node:fs/promises'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { findAcknowledged } from '../database/find-uploads.ts'
import { uploadFiles } from '../storage/layout.ts'
import { listUnacknowledged } from '../storage/partials.ts'
import { finishRemoval } from '../storage/remove-partial.ts'
import { readInfo } from '../storage/upload-info.ts'
import type { FinishUpload } from './finish-upload.ts'

// A multipart upload this old whose row is missing was never acknowledged, and its request is long gone.
const abandonedAfter = 60_000

/** What reconciling needs. */
export interface ReconcileRoom {
  readonly folder: string
  readonly pool: Pool
  readonly finish: FinishUpload
  readonly log: Logger
}

/**
 * Finishes what a crash or a missing database left between "all bytes are here" and "acknowledged".
 * After a start that can be any upload; later it is only those that are sealed already.
 */
export async function reconcile(room: ReconcileRoom, reach: 'all' | 'sealed'): Promise<void> {
  const { open, sealed, purging } = await listUnacknowledged(room.folder)
  for (const id of purging) await finishRemoval(room.folder, id)
  const acknowledged = await findAcknowledged(room.pool, sealed)
  for (const id of reach === 'all' ? [...sealed, ...open] : sealed) {
    try {
      await reconcileOne(room, id, acknowledged.has(id))
    } catch (error) {
      room.log.warn({ error, 'upload.id': id }, 'an upload could not be finished; trying again later')
    }
  }
}

async function reconcileOne(room: ReconcileRoom, id: string, acknowledged: boolean): Promise<void> {
  const files = uploadFiles(room.folder, id)
  if (acknowledged) return rm(files.sealed, { force: true })
  const open = await readInfo(files.open)
  const info = open ?? (await readInfo(files.sealed))
  if (info === undefined) return
  const { size, mtimeMs } = await stat(files.data)
  switch (info.kind) {
    case 'tus':
      if (size === info.size) await room.finish(id)
      return
    case 'multipart':
      if (open === undefined && Date.now() - mtimeMs > abandonedAfter) await discard(files.data, files.sealed)
      return
    default:
      info.kind satisfies never
  }
}

async function discard(data: string, sealed: string): Promise<void> {
  await rm(data, { force: true })
  await rm(sealed, { force: true })
}
