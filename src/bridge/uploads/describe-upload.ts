import type { Pool } from 'pg'
import { guardDatabase } from '../database/pool.ts'
import { type DeliveryState, findUpload, type UploadRow } from '../database/uploads.ts'
import { uploadFiles } from '../storage/layout.ts'
import { readInfo, readPartial } from '../storage/partials.ts'

/** An upload as clients and operators see it. */
export interface UploadDescription {
  readonly id: string
  readonly name: string
  /** Undefined while the size of a multipart upload is not known. */
  readonly size?: number
  readonly offset: number
  readonly sha256?: string
  readonly state: 'partial' | DeliveryState
  readonly reason?: string
}

/** Finds an upload on the volume or in the database; undefined when it does not exist or belongs to another client. */
export async function describeUpload(
  folder: string,
  pool: Pool,
  id: string,
  isVisible: (owner: string | null | undefined) => boolean,
): Promise<UploadDescription | undefined> {
  const partial = await readPartial(folder, id)
  if (partial !== undefined) {
    if (!isVisible(partial.owner)) return undefined
    const { name, size, offset } = partial
    return { id, name, ...(size === undefined ? {} : { size }), offset, state: 'partial' }
  }
  const row = await guardDatabase(findUpload(pool, id))
  if (row === undefined) return describeSealed(folder, id, isVisible)
  return isVisible(row.owner) ? describeRow(row) : undefined
}

/** An acknowledged upload as clients and operators see it. */
export function describeRow(row: UploadRow): UploadDescription {
  const { id, name, size, sha256, state, reason } = row
  return { id, name, size, offset: size, sha256, state, ...(reason === null ? {} : { reason }) }
}

// Complete but not yet acknowledged: for the client it is still a partial upload.
async function describeSealed(
  folder: string,
  id: string,
  isVisible: (owner: string | undefined) => boolean,
): Promise<UploadDescription | undefined> {
  const files = uploadFiles(folder, id)
  const info = (await readInfo(files.sealed)) ?? (await readInfo(files.open))
  if (info?.size === undefined || !isVisible(info.owner)) return undefined
  return { id, name: info.name, size: info.size, offset: info.size, state: 'partial' }
}
