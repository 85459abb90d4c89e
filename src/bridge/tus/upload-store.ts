import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { DataStore, Upload } from '@tus/server'
import type { Pool } from 'pg'
import { maySee } from '../auth/roles.ts'
import { guardDatabase } from '../database/pool.ts'
import { findUpload } from '../database/uploads.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { removePartial, writeBytes } from '../storage/bytes.ts'
import { isMissing } from '../storage/error-code.ts'
import { isUploadId, uploadFiles } from '../storage/layout.ts'
import { readInfo, safeUploadName, type UploadInfo, writeInfo } from '../storage/partials.ts'
import { requestContext } from '../telemetry/log.ts'
import type { FinishUpload } from '../uploads/finish-upload.ts'
import { tusExtensions } from './extensions.ts'

/** The parts of the service that the store needs. */
interface UploadStoreRoom {
  readonly folder: string
  readonly pool: Pool
  readonly finish: FinishUpload
}

/**
 * Keeps tus uploads on the volume. Unlike the stock file store it syncs its writes, writes info files atomically, and passes ENOSPC on. It
 * never reports an upload as complete before it is acknowledged.
 */
export class UploadStore extends DataStore {
  readonly #room: UploadStoreRoom

  constructor(room: UploadStoreRoom) {
    super()
    this.#room = room
    this.extensions = [...tusExtensions]
  }

  override async create(upload: Upload): Promise<Upload> {
    const files = uploadFiles(this.#room.folder, upload.id)
    const name = safeUploadName(upload.metadata?.filename ?? upload.metadata?.name)
    const { id, size, metadata } = upload
    const info = {
      id,
      kind: 'tus',
      name,
      createdAt: new Date().toISOString(),
      owner: requestContext.getStore()?.client,
    } as const
    try {
      await writeInfo(files.open, {
        ...info,
        ...(size === undefined ? {} : { size }),
        ...(metadata ? { metadata } : {}),
      })
      await (await open(files.data, 'wx')).close()
    } catch (error) {
      await removePartial(this.#room.folder, id)
      throw error
    }
    return upload
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const files = uploadFiles(this.#room.folder, id)
    // Repeating the last request of an acknowledged upload changes nothing.
    if ((await readInfo(files.open)) === undefined) return offset
    // Leaving the loop destroys the stream, which would report this error instead of our reason.
    return writeBytes(files.data, offset, stream.iterator({ destroyOnReturn: false }))
  }

  override async getUpload(id: string): Promise<Upload> {
    if (!isUploadId(id)) throw new BridgeProblem('upload-not-found')
    const files = uploadFiles(this.#room.folder, id)
    const info = (await readInfo(files.open)) ?? (await readInfo(files.sealed))
    if (info === undefined) return this.#acknowledged(id)
    if (info.kind !== 'tus' || !isVisible(info.owner)) throw new BridgeProblem('upload-not-found')
    const offset = await sizeOf(files.data)
    if (offset === info.size) await this.#room.finish(id)
    return toUpload(info, offset)
  }

  override async remove(id: string): Promise<void> {
    const info = isUploadId(id) ? await readInfo(uploadFiles(this.#room.folder, id).open) : undefined
    if (!isVisible(info?.owner)) throw new BridgeProblem('upload-not-found')
    if (!(await removePartial(this.#room.folder, id))) throw new BridgeProblem('upload-not-found')
  }

  async #acknowledged(id: string): Promise<Upload> {
    const row = await guardDatabase(findUpload(this.#room.pool, id))
    if (row === undefined || !isVisible(row.owner)) throw new BridgeProblem('upload-not-found')
    return new Upload({ id, size: row.size, offset: row.size, metadata: { filename: row.name } })
  }
}

// For a client, an upload of another client does not exist.
function isVisible(owner: string | null | undefined): boolean {
  return maySee(requestContext.getStore()?.key, owner)
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) throw new BridgeProblem('upload-gone')
    throw error
  }
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
