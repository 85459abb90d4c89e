import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { DataStore, Upload } from '@tus/server'
import type { Pool } from 'pg'
import { maySee } from '../auth/roles.ts'
import { endLengths } from '../content/archive/inspect-archive.ts'
import { EndsOfFile } from '../content/ends.ts'
import { decodeName } from '../content/form-file-name.ts'
import { guardDatabase } from '../database/pool.ts'
import { findUpload } from '../database/uploads.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { ReplacedFileError, removePartial, writeBytes } from '../storage/bytes.ts'
import { isMissing } from '../storage/error-code.ts'
import { isUploadId, uploadFiles } from '../storage/layout.ts'
import { readInfo, safeUploadName, statIfThere, type UploadInfo, writeInfo } from '../storage/partials.ts'
import { syncFolder } from '../storage/replace-file.ts'
import { NoRoomError, type Space } from '../storage/space.ts'
import type { WriterLeases } from '../storage/writer-lease.ts'
import { requestContext } from '../telemetry/log.ts'
import { type FinishUpload, leaseOf, type WrittenUpload } from '../uploads/finish-upload.ts'
import { tusExtensions } from './extensions.ts'

/** The parts of the service that the store needs. */
interface UploadStoreRoom {
  readonly folder: string
  readonly pool: Pool
  readonly finish: FinishUpload
  readonly space: Space
  readonly leases: WriterLeases
  /** Milliseconds since the last byte after which a partial upload expires; read each time, because it can change. */
  readonly expireAfter: () => number
}

const mostRecent = 1000

/**
 * Keeps tus uploads on the volume. Unlike the stock file store it syncs its writes, writes info files atomically, and passes ENOSPC on. It
 * never reports an upload as complete before it is acknowledged.
 */
export class UploadStore extends DataStore {
  readonly #room: UploadStoreRoom
  /** Uploads that lately began or went on here. What is said of an upload never changes once its length is known. */
  readonly #recent = new Map<string, UploadInfo>()

  constructor(room: UploadStoreRoom) {
    super()
    this.#room = room
    this.extensions = [...tusExtensions]
  }

  override async create(upload: Upload): Promise<Upload> {
    const files = uploadFiles(this.#room.folder, upload.id)
    const { id, size, metadata } = upload
    const { uploadMetadata, client } = requestContext.getStore() ?? {}
    const name = safeUploadName(nameIn(uploadMetadata, 'filename') ?? nameIn(uploadMetadata, 'name'))
    const info: UploadInfo = {
      id,
      kind: 'tus',
      name,
      createdAt: new Date().toISOString(),
      owner: client,
      size,
      metadata,
      metadataAsSent: uploadMetadata,
    }
    const begin = async () => {
      await writeInfo(files.open, info)
      await (await open(files.data, 'wx')).close()
      return this.#remember(info)
    }
    try {
      await this.#room.space.claim(id, begin, () => removePartial(this.#room.folder, id))
    } catch (error) {
      throw noRoom('storage-insufficient', error)
    }
    return upload
  }

  override async declareUploadLength(id: string, size: number): Promise<void> {
    const { open } = uploadFiles(this.#room.folder, id)
    const info = await readInfo(open)
    if (info === undefined) throw new BridgeProblem('upload-gone')
    const undo = async () => {
      this.#recent.delete(id)
      await writeInfo(open, info)
    }
    try {
      await this.#room.space.claim(id, async () => this.#remember(await writeInfo(open, { ...info, size })), undo)
    } catch (error) {
      throw noRoom('storage-insufficient', error)
    }
  }

  /** Removes an upload whose creation failed in the end. Nothing is left of it, unless it is complete and sealed. */
  async discard(id: string): Promise<void> {
    await removePartial(this.#room.folder, id)
  }

  /** The header `Upload-Metadata` exactly as the client sent it; undefined when it sent none. */
  async metadataOf(id: string): Promise<string | undefined> {
    if (!isUploadId(id)) return undefined
    const files = uploadFiles(this.#room.folder, id)
    const info = this.#recent.get(id) ?? (await readInfo(files.open)) ?? (await readInfo(files.sealed))
    if (info !== undefined) return info.metadataAsSent
    return (await guardDatabase(findUpload(this.#room.pool, id)))?.metadata ?? undefined
  }

  /** When a partial upload expires unless more bytes arrive; undefined when it is complete or does not exist. */
  async expiresAt(id: string): Promise<Date | undefined> {
    if (!isUploadId(id)) return undefined
    const files = uploadFiles(this.#room.folder, id)
    const info = this.#recent.get(id) ?? (await readInfo(files.open))
    const bytes = info && (await statIfThere(files.data))
    if (bytes === undefined || bytes.size === info?.size) return undefined
    return new Date(bytes.mtimeMs + this.#room.expireAfter())
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const info = this.#recent.get(id) ?? (await readInfo(uploadFiles(this.#room.folder, id).open))
    // Repeating the last request of an acknowledged upload changes nothing.
    if (info === undefined) return offset
    const giveBack = await leaseOf(this.#room.leases, id)
    try {
      return await this.#append(stream, info, offset)
    } finally {
      await giveBack()
    }
  }

  async #append(stream: Readable, info: UploadInfo, offset: number): Promise<number> {
    const { id } = info
    // Leaving the loop destroys the stream, which would report this error instead of our reason.
    const bytes = stream.iterator({ destroyOnReturn: false })
    const hash = createHash('sha256')
    const file = new EndsOfFile(endLengths)
    let end: number | undefined
    try {
      const allowed = info.size === undefined ? this.#room.space.withinRoom(bytes) : bytes
      const look = (chunk: Uint8Array) => {
        hash.update(chunk)
        file.take(chunk)
      }
      end = await writeBytes(
        uploadFiles(this.#room.folder, id).data,
        offset,
        allowed,
        offset === 0 ? look : undefined,
        () => this.#room.leases.stillHas(id),
      )
    } catch (error) {
      if (error instanceof ReplacedFileError) throw new BridgeProblem('offset-conflict', { cause: error })
      if (isMissing(error)) throw new BridgeProblem('upload-gone', { cause: error })
      throw noRoom('storage-full', error)
    } finally {
      // The seal syncs the names of what is complete.
      if (offset === 0 && end !== info.size) await syncFolder(this.#room.folder)
    }
    // Here, and not once the tus server has let go of the upload: nobody can come between.
    const whole = offset === 0 && end === info.size ? { sha256: hash.digest('hex'), ends: file.ends } : undefined
    if (end === info.size) await this.#finish(id, { info, whole })
    return end
  }

  override async getUpload(id: string): Promise<Upload> {
    if (!isUploadId(id)) throw new BridgeProblem('upload-not-found')
    const files = uploadFiles(this.#room.folder, id)
    const info = this.#recent.get(id) ?? (await readInfo(files.open)) ?? (await readInfo(files.sealed))
    if (info === undefined) return this.#acknowledged(id)
    if (info.kind !== 'tus' || !isVisible(info.owner)) throw new BridgeProblem('upload-not-found')
    const bytes = await statIfThere(files.data)
    if (bytes === undefined) {
      // Another process removed it, or delivered it long ago.
      if (this.#recent.delete(id)) return this.getUpload(id)
      throw new BridgeProblem('upload-gone')
    }
    const { size: offset, mtimeMs } = bytes
    if (offset === info.size) await this.#finish(id)
    else if (Date.now() - mtimeMs > this.#room.expireAfter()) throw new BridgeProblem('upload-gone')
    else this.#remember(info)
    return toUpload(info, offset)
  }

  override async remove(id: string): Promise<void> {
    const info = isUploadId(id) ? await readInfo(uploadFiles(this.#room.folder, id).open) : undefined
    if (!isVisible(info?.owner)) throw new BridgeProblem('upload-not-found')
    if (!(await removePartial(this.#room.folder, id))) throw new BridgeProblem('upload-not-found')
  }

  async #finish(id: string, written?: WrittenUpload): Promise<void> {
    await this.#room.finish(id, written)
    this.#recent.delete(id)
  }

  #remember(info: UploadInfo): UploadInfo {
    if (info.size === undefined) return info
    this.#recent.set(info.id, info)
    const [oldest] = this.#recent.keys()
    if (oldest !== undefined && this.#recent.size > mostRecent) this.#recent.delete(oldest)
    return info
  }

  async #acknowledged(id: string): Promise<Upload> {
    const row = await guardDatabase(findUpload(this.#room.pool, id))
    if (row === undefined || !isVisible(row.owner)) throw new BridgeProblem('upload-not-found')
    return new Upload({ id, size: row.size, offset: row.size, metadata: { filename: row.name } })
  }
}

/** A value of the header `Upload-Metadata` that is a name; undefined when it is not there. */
function nameIn(header: string | undefined, key: string): string | undefined {
  const pair = header?.split(',').find(pair => pair.trim().split(' ')[0] === key)
  return pair && decodeName(Buffer.from(pair.trim().split(' ')[1] ?? '', 'base64').toString('latin1'))
}

// For a client, an upload of another client does not exist.
function isVisible(owner: string | null | undefined): boolean {
  return maySee(requestContext.getStore()?.key, owner)
}

function noRoom(code: 'storage-insufficient' | 'storage-full', error: unknown): unknown {
  if (!(error instanceof NoRoomError)) return error
  return new BridgeProblem(code, { detail: error.message, retryAfter: 30, cause: error })
}

function toUpload(info: UploadInfo, offset: number): Upload {
  const { id, size, metadata, createdAt } = info
  return new Upload({
    id,
    offset,
    creation_date: createdAt,
    ...(size === undefined ? {} : { size }),
    ...(metadata === undefined ? {} : { metadata }),
  })
}
