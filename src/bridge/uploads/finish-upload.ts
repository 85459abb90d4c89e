import { stat } from 'node:fs/promises'
import type { Pool, PoolClient } from 'pg'
import type { Ends } from '../content/ends.ts'
import type { InspectContent } from '../content/inspect-content.ts'
import { guardDatabase } from '../database/pool.ts'
import { acknowledge, type ReceivedUpload } from '../database/upload-states.ts'
import { findUpload } from '../database/uploads.ts'
import { BridgeProblem, isContentRefusal } from '../problem/bridge-problem.ts'
import { hashFile, removePartial, seal } from '../storage/bytes.ts'
import { isMissing } from '../storage/error-code.ts'
import { uploadFiles } from '../storage/layout.ts'
import { readInfo, type UploadInfo } from '../storage/partials.ts'
import { removeFile } from '../storage/replace-file.ts'
import { LeaseRefusedError, type WriterLeases } from '../storage/writer-lease.ts'

/**
 * Acknowledges a complete tus upload. It may be called repeatedly and by several callers. Who has just written its last bytes, and has had the
 * lease since, says what it knows.
 */
export type FinishUpload = (id: string, written?: WrittenUpload) => Promise<void>

/** What is known of an upload by who wrote its last bytes. */
export interface WrittenUpload {
  readonly info: UploadInfo
  /** The hash of all bytes, and how the file begins and ends; undefined when others wrote some of them. */
  readonly whole: { readonly sha256: string; readonly ends: Ends } | undefined
}

/** The parts of the service that finishing an upload needs. */
export interface FinishingRoom {
  readonly folder: string
  readonly pool: Pool
  readonly leases: WriterLeases
  readonly inspect: InspectContent
  /** Called once for each upload, with the milliseconds since it began. */
  readonly onAcknowledged: (upload: ReceivedUpload, duration: number) => void
}

/** Makes the function that acknowledges a complete upload on the volume exactly once. */
export function createFinishUpload(room: FinishingRoom): FinishUpload {
  const underWay = new Map<string, Promise<void>>()
  const hashes = new Map<string, string>()
  return (id, written) => {
    if (written?.whole !== undefined) hashes.set(id, written.whole.sha256)
    const current = underWay.get(id) ?? finish(room, hashes, id, written).finally(() => underWay.delete(id))
    underWay.set(id, current)
    return current
  }
}

/** How long (in milliseconds) another process may work on a complete upload before this one gives up. */
const patience = 20_000

// While this process has the lease, no other process writes. A process that was frozen writes into a file without a name.
async function finish(
  room: FinishingRoom,
  hashes: Map<string, string>,
  id: string,
  written?: WrittenUpload,
): Promise<void> {
  const giveBack = await leaseOf(room.leases, id)
  try {
    await finishAlone(room, hashes, id, written)
  } finally {
    await giveBack()
  }
}

/** Waits for the lease of an upload, as `WriterLeases.acquire` does. Throws `upload-locked` when another process keeps it. */
export async function leaseOf(leases: WriterLeases, id: string): Promise<() => Promise<void>> {
  try {
    return await leases.acquire(id, { signal: AbortSignal.timeout(patience) })
  } catch (error) {
    if (error instanceof LeaseRefusedError) throw new BridgeProblem('upload-locked', { cause: error })
    throw error
  }
}

async function finishAlone(
  room: FinishingRoom,
  hashes: Map<string, string>,
  id: string,
  written: WrittenUpload | undefined,
): Promise<void> {
  const files = uploadFiles(room.folder, id)
  const found = written?.info ?? (await readInfo(files.open))
  if (found !== undefined) await inspectOrRemove(room, hashes, found, written?.whole?.ends)
  // A purge may win before this point. After it, nobody can purge the upload.
  const info = (await seal(room.folder, id)) ? found : await readInfo(files.sealed)
  if (info === undefined) {
    hashes.delete(id)
    return assertAcknowledged(room.pool, id)
  }
  const size = written?.info.size ?? (await stat(files.data)).size
  if (size !== info.size) throw new Error(`upload ${id} has ${size} bytes on the volume, not ${info.size}`)
  // Hashing is expensive, so it is not repeated when only the database was away.
  const sha256 = hashes.get(id) ?? (await hashFile(files.data))
  hashes.set(id, sha256)
  const { name, owner, metadataAsSent: metadata } = info
  await acknowledgeSealed(room, { id, name, size, sha256, owner, metadata }, info.createdAt)
  hashes.delete(id)
}

/** Commits a sealed upload with a known hash, and what `also` writes, and removes its info file. */
export async function acknowledgeSealed(
  room: FinishingRoom,
  upload: ReceivedUpload,
  createdAt: string,
  also?: ((client: PoolClient) => Promise<void>) | undefined,
): Promise<void> {
  const isNew = await guardDatabase(acknowledge(room.pool, upload, also))
  if (isNew) room.onAcknowledged(upload, Date.now() - Date.parse(createdAt))
  await removeFile(uploadFiles(room.folder, upload.id).sealed)
}

// A sealed upload was already inspected. A refused upload leaves no files.
async function inspectOrRemove(
  room: FinishingRoom,
  hashes: Map<string, string>,
  { id, name }: UploadInfo,
  ends: Ends | undefined,
): Promise<void> {
  try {
    await room.inspect(uploadFiles(room.folder, id).data, name, ends)
  } catch (error) {
    if (error instanceof BridgeProblem && isContentRefusal(error.code)) {
      hashes.delete(id)
      await removePartial(room.folder, id)
    }
    if (isMissing(error)) throw new BridgeProblem('upload-gone', { cause: error })
    throw error
  }
}

async function assertAcknowledged(pool: Pool, id: string): Promise<void> {
  if ((await guardDatabase(findUpload(pool, id))) === undefined) throw new BridgeProblem('upload-gone')
}
