import { rm, stat } from 'node:fs/promises'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { findAcknowledged } from '../database/uploads.ts'
import { finishRemoval } from '../storage/bytes.ts'
import { type UploadFiles, uploadFiles } from '../storage/layout.ts'
import { listUnacknowledged, readInfo } from '../storage/partials.ts'
import type { FinishUpload } from './finish-upload.ts'

// After this time no request is still working on a sealed multipart upload. Without a row it was never acknowledged.
const abandonedAfter = 60_000

/** The parts of the service that reconciling needs. */
export interface ReconcileRoom {
  readonly folder: string
  readonly pool: Pool
  readonly finish: FinishUpload
  readonly log: Logger
  /** A clock in milliseconds that nobody sets. */
  readonly now: () => number
  /** When each sealed upload was first seen, by that clock. The time of its file may be that of another machine. */
  readonly firstSeen: Map<string, number>
}

/**
 * Finishes uploads that are complete but not acknowledged, after a crash or while the database was away. After a start it looks at all
 * uploads, later only at sealed ones.
 */
export async function reconcile(room: ReconcileRoom, reach: 'all' | 'sealed'): Promise<void> {
  const { open, sealed, purging } = await listUnacknowledged(room.folder)
  for (const id of purging) await finishRemoval(room.folder, id)
  for (const id of room.firstSeen.keys()) if (!sealed.includes(id)) room.firstSeen.delete(id)
  for (const id of sealed) if (!room.firstSeen.has(id)) room.firstSeen.set(id, room.now())
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
  const info = (await readInfo(files.open)) ?? (await readInfo(files.sealed))
  if (info === undefined) return
  switch (info.kind) {
    case 'tus':
      if ((await stat(files.data)).size === info.size) await room.finish(id)
      return
    case 'multipart':
      if (await isAbandoned(room, id)) await discard(files)
      return
    default:
      info.kind satisfies never
  }
}

// Checked again for each upload, because the list may be minutes old.
async function isAbandoned(room: ReconcileRoom, id: string): Promise<boolean> {
  const age = room.now() - (room.firstSeen.get(id) ?? room.now())
  return age > abandonedAfter && !(await findAcknowledged(room.pool, [id])).has(id)
}

async function discard(files: UploadFiles): Promise<void> {
  await rm(files.data, { force: true })
  await rm(files.sealed, { force: true })
}
