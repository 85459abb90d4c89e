import type { Stats } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { isMissing } from './error-code.ts'
import { isUploadId, uploadFiles } from './layout.ts'
import { writeWhole } from './replace-file.ts'

/** An upload that has begun and is not complete. */
export interface PartialUpload {
  readonly id: string
  readonly kind: UploadInfo['kind']
  readonly name: string
  /** The expected number of bytes; undefined for multipart uploads, which do not say it. */
  readonly size: number | undefined
  /** Bytes that arrived. */
  readonly offset: number
  readonly owner: string | undefined
  /** When the last byte was written. */
  readonly lastWritten: Date
}

/** The ids, grouped by the kind of their info file. */
interface UnacknowledgedIds {
  readonly open: readonly string[]
  readonly sealed: readonly string[]
  readonly purging: readonly string[]
}

/** Lists the uploads that are not acknowledged. Reads only the names of their info files. */
export async function listUnacknowledged(folder: string): Promise<UnacknowledgedIds> {
  const names = await readdir(folder)
  const idsWith = (suffix: string) =>
    names
      .filter(name => name.endsWith(suffix))
      .map(name => name.slice(0, -suffix.length))
      .filter(isUploadId)
  return { open: idsWith('.json'), sealed: idsWith('.sealed.json'), purging: idsWith('.purging.json') }
}

/** Reads one partial upload; undefined when it does not exist or is complete. */
export async function readPartial(folder: string, id: string): Promise<PartialUpload | undefined> {
  const files = uploadFiles(folder, id)
  const info = await readInfo(files.open)
  if (info === undefined) return undefined
  const { offset, lastWritten } = await readData(files.data, info)
  if (info.kind === 'tus' && offset === info.size) return undefined
  return { id, kind: info.kind, name: info.name, size: info.size, offset, owner: info.owner, lastWritten }
}

/** Reads all partial uploads. The one without new bytes for the longest time comes first. Needs no database. */
export async function listPartials(folder: string): Promise<readonly PartialUpload[]> {
  const { open } = await listUnacknowledged(folder)
  const partials: PartialUpload[] = []
  for (const id of open) {
    const partial = await readPartial(folder, id)
    if (partial !== undefined) partials.push(partial)
  }
  return partials.sort((a, b) => a.lastWritten.getTime() - b.lastWritten.getTime())
}

/** The total of all partial uploads. */
interface PartialsSummary {
  readonly count: number
  readonly bytes: number
  readonly oldest: Date | undefined
}

/** Measures partial uploads without reading their info files, so that every scrape can afford it. */
export async function summarizePartials(folder: string): Promise<PartialsSummary> {
  const { open } = await listUnacknowledged(folder)
  let bytes = 0
  let oldest = Number.POSITIVE_INFINITY
  for (const id of open) {
    const found = await statIfThere(uploadFiles(folder, id).data)
    bytes += found?.size ?? 0
    oldest = Math.min(oldest, found?.mtimeMs ?? oldest)
  }
  return { count: open.length, bytes, oldest: Number.isFinite(oldest) ? new Date(oldest) : undefined }
}

async function readData(path: string, info: UploadInfo): Promise<Pick<PartialUpload, 'offset' | 'lastWritten'>> {
  const found = await statIfThere(path)
  return { offset: found?.size ?? 0, lastWritten: found?.mtime ?? new Date(info.createdAt) }
}

/** Asks for the facts of a file; undefined when there is none. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const schema = z.object({
  id: z.string(),
  /** Multipart uploads cannot be resumed, and their size is known only at the end. */
  kind: z.enum(['tus', 'multipart']),
  name: z.string(),
  size: z.number().optional(),
  /** How many bytes a multipart upload has at least, by the length of its form. */
  announced: z.number().optional(),
  metadata: z.record(z.string(), z.string().nullable()).optional(),
  /** The header `Upload-Metadata` as the client sent it. */
  metadataAsSent: z.string().optional(),
  createdAt: z.string(),
  /** The owner: `key:ID` or `address:IP`. */
  owner: z.string().optional(),
})

/** The announced facts of an upload that is not acknowledged yet. */
export type UploadInfo = z.infer<typeof schema>

/**
 * Writes the info file of an upload, and returns what it wrote. Its name survives a power cut once the folder is synced: with the first
 * bytes, or with the seal.
 */
export async function writeInfo(path: string, info: UploadInfo): Promise<UploadInfo> {
  await writeWhole(path, JSON.stringify(info))
  return info
}

/** Reads an info file; undefined when there is none. */
export async function readInfo(path: string): Promise<UploadInfo | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

// Control characters, single surrogates, line ends, and characters that change the direction of text to hide an `exe`.
const unsafe = /\p{Cc}|\p{Cs}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const longestName = 255

/** Makes a client's file name harmless: only its last path segment, no control characters, at most 255 characters with its extension. */
export function safeUploadName(name: string | null | undefined): string {
  const segment = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  const whole = segment.replace(unsafe, '').trim()
  const characters = Array.from(whole)
  const [extension = ''] = /\.[^.\s]{1,16}$/u.exec(whole) ?? []
  const stem = characters.slice(0, longestName - Array.from(extension).length).join('')
  const printable = characters.length <= longestName ? whole : `${stem.trimEnd()}${extension}`
  return printable === '' || printable === '.' || printable === '..' ? 'unnamed' : printable
}
