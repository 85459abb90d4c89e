import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunEvent, RunStore } from '../journal/index.ts'
import type { KeptFile } from '../report/index.ts'

/** The most bytes of a text that an export holds, and of a picture. */
const TEXT_LIMIT = 256 * 1024
const IMAGE_LIMIT = 2 * 1024 * 1024

/**
 * What the events of a run say that it kept, read from its store; links are relative to the folder `from`. With `copy`, what is there is
 * copied into a folder of the run's own there, and links lead to the copies.
 */
export async function readBlobs(
  events: readonly RunEvent[],
  store: RunStore,
  from: string,
  copy = false,
): Promise<ReadonlyMap<string, KeptFile>> {
  const files = new Map<string, KeptFile>()
  for (const event of events) {
    if (event.type === 'step.evidence' && event.evidence.file !== undefined) {
      const { file } = event.evidence
      const blob = await store.blob(event.run, file)
      files.set(file, { ...(await readBlob(blob, from)), ...(copy ? await copyBlob(blob, event.run, file, from) : {}) })
    } else if (event.type === 'step.output-kept' && event.file !== undefined) {
      const blob = await store.blob(event.run, event.file)
      const { bytes } = blob
      const changed = bytes !== event.kept || (await blob.hash()) !== event.sha256
      const copied = copy ? await copyBlob(blob, event.run, event.file, from) : {}
      files.set(event.file, {
        link: blob.linkFrom(from),
        ...(bytes === undefined ? {} : { bytes }),
        changed,
        ...copied,
      })
    }
  }
  return files
}

/** Copies a file beside an export; what is gone cannot be. */
async function copyBlob(
  blob: Awaited<ReturnType<RunStore['blob']>>,
  run: string,
  name: string,
  folder: string,
): Promise<{ readonly link?: string }> {
  if (blob.bytes === undefined) return {}
  const path = join(folder, run, name)
  await mkdir(dirname(path), { recursive: true })
  await blob.copyTo(path)
  return { link: [run, ...name.split('/')].map(encodeURIComponent).join('/') }
}

async function readBlob(blob: Awaited<ReturnType<RunStore['blob']>>, from: string): Promise<KeptFile> {
  const { bytes } = blob
  const link = blob.linkFrom(from)
  if (bytes === undefined) return { link }
  const start = await blob.readStart(Math.min(bytes, IMAGE_LIMIT))
  const type = bytes <= IMAGE_LIMIT ? findImageType(start) : undefined
  if (type !== undefined) return { link, bytes, image: { type, base64: start.toString('base64') } }
  const text = readText(start.subarray(0, TEXT_LIMIT), bytes <= TEXT_LIMIT)
  return text === undefined ? { link, bytes } : { link, bytes, text }
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
