import { readdir, stat } from 'node:fs/promises'
import { isMissing } from './error-code.ts'
import { isUploadId, uploadFiles } from './layout.ts'
import { readInfo, type UploadInfo } from './upload-info.ts'

/** An upload that has begun and is not complete. */
export interface PartialUpload {
  readonly id: string
  readonly kind: UploadInfo['kind']
  readonly name: string
  /** Bytes expected; undefined for multipart, which does not say. */
  readonly size: number | undefined
  /** Bytes that arrived. */
  readonly offset: number
  /** When the last byte was written. */
  readonly lastWritten: Date
}

/** Ids by what their info file says of them. */
export interface UnacknowledgedIds {
  readonly open: readonly string[]
  readonly sealed: readonly string[]
  readonly purging: readonly string[]
}

/** Lists the uploads that are not acknowledged, by their info files alone. */
export async function listUnacknowledged(folder: string): Promise<UnacknowledgedIds> {
  const names = await readdir(folder)
  const idsWith = (suffix: string) =>
    names
      .filter(name => name.endsWith(suffix))
      .map(name => name.slice(0, -suffix.length))
      .filter(isUploadId)
  return { open: idsWith('.json'), sealed: idsWith('.sealed.json'), purging: idsWith('.purging.json') }
}

/** Reads one partial upload; undefined when there is none, or when it is complete. */
export async function readPartial(folder: string, id: string): Promise<PartialUpload | undefined> {
  const files = uploadFiles(folder, id)
  const info = await readInfo(files.open)
  if (info === undefined) return undefined
  const { offset, lastWritten } = await readData(files.data, info)
  if (info.kind === 'tus' && offset === info.size) return undefined
  return { id, kind: info.kind, name: info.name, size: info.size, offset, lastWritten }
}

/** Reads all partial uploads, the longest untouched first; needs no database. */
export async function listPartials(folder: string): Promise<readonly PartialUpload[]> {
  const { open } = await listUnacknowledged(folder)
  const partials: PartialUpload[] = []
  for (const id of open) {
    const partial = await readPartial(folder, id)
    if (partial !== undefined) partials.push(partial)
  }
  return partials.sort((a, b) => a.lastWritten.getTime() - b.lastWritten.getTime())
}

async function readData(path: string, info: UploadInfo): Promise<Pick<PartialUpload, 'offset' | 'lastWritten'>> {
  try {
    const { size, mtime } = await stat(path)
    return { offset: size, lastWritten: mtime }
  } catch (error) {
    if (!isMissing(error)) throw error
    return { offset: 0, lastWritten: new Date(info.createdAt) }
  }
}
