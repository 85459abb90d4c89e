import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { RunEvent } from '../journal/index.ts'
import type { KeptFile } from '../report/index.ts'

/** The most bytes of a text that an export holds, and of a picture. */
const TEXT_LIMIT = 256 * 1024
const IMAGE_LIMIT = 2 * 1024 * 1024

/** What the events of a run say that it kept, read from its folder; links are relative to `from`. */
export async function readKeptFiles(
  events: readonly RunEvent[],
  folder: string,
  from: string,
): Promise<ReadonlyMap<string, KeptFile>> {
  const files = new Map<string, KeptFile>()
  for (const event of events) {
    if (event.type === 'step.evidence' && event.evidence.file !== undefined) {
      files.set(event.evidence.file, readFile(folder, event.evidence.file, from))
    } else if (event.type === 'step.output-kept' && event.file !== undefined) {
      const { link, bytes } = readFile(folder, event.file, from)
      const changed = bytes !== event.kept || (await hash(join(folder, event.file))) !== event.sha256
      files.set(event.file, { link, ...(bytes === undefined ? {} : { bytes }), changed })
    }
  }
  return files
}

function readFile(folder: string, file: string, from: string): KeptFile {
  const path = join(folder, file)
  const link = relative(from, path).split(sep).map(encodeURIComponent).join('/')
  const bytes = statSync(path, { throwIfNoEntry: false })?.size
  if (bytes === undefined) return { link }
  const start = readStart(path, Math.min(bytes, IMAGE_LIMIT))
  const type = bytes <= IMAGE_LIMIT ? findImageType(start) : undefined
  if (type !== undefined) return { link, bytes, image: { type, base64: start.toString('base64') } }
  const text = readText(start.subarray(0, TEXT_LIMIT), bytes <= TEXT_LIMIT)
  return text === undefined ? { link, bytes } : { link, bytes, text }
}

function readStart(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}

/** Text in UTF-8, or nothing; a character that a cut goes through is no reason. */
function readText(bytes: Buffer, whole: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    return undefined
  }
}

const IMAGES: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF.{4}WEBP/s],
]

function findImageType(start: Buffer): string | undefined {
  const text = start.toString('latin1', 0, 16)
  return IMAGES.find(([, pattern]) => pattern.test(text))?.[0]
}

async function hash(path: string): Promise<string> {
  const sum = createHash('sha256')
  for await (const chunk of createReadStream(path)) sum.update(chunk)
  return sum.digest('hex')
}
