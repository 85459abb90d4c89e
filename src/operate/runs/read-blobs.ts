import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunEvent, RunStore } from '../../journal/index.ts'
import type { KeptFile } from '../../report/index.ts'
import { copyRedacted, type Redaction } from '../../secrets/index.ts'

/** The most bytes of a text that an export holds, and of a picture. */
const TEXT_LIMIT = 256 * 1024
const IMAGE_LIMIT = 2 * 1024 * 1024

/**
 * What the events of a run say that it kept, read from its store; links are relative to the folder `from`. With `copy`, what is there is
 * copied into a folder of the run's own there, and links lead to the copies. With a redaction, texts and copies are without its secrets. All is
 * copied, or nothing: a disk may be full. Rejects then.
 */
export async function readBlobs(
  events: readonly RunEvent[],
  store: RunStore,
  from: string,
  copy = false,
  redaction?: Redaction,
): Promise<ReadonlyMap<string, KeptFile>> {
  const files = new Map<string, KeptFile>()
  const copies = new Map<string, Blob>()
  const linkTo = (run: string, name: string, blob: Blob): { readonly link?: string } => {
    // What is gone cannot be copied.
    if (!copy || blob.bytes === undefined) return {}
    copies.set(join(run, name), blob)
    return { link: [run, ...name.split('/')].map(encodeURIComponent).join('/') }
  }
  for (const event of events) {
    if (event.type === 'step.evidence' && event.evidence.file !== undefined) {
      const { file } = event.evidence
      const blob = await store.blob(event.run, file)
      const kept = await readBlob(blob, from)
      const clean = kept.text === undefined || !redaction ? {} : { text: redaction.text(kept.text) }
      files.set(file, { ...kept, ...clean, ...linkTo(event.run, file, blob) })
    } else if (event.type === 'step.output-kept' && event.file !== undefined) {
      const blob = await store.blob(event.run, event.file)
      const { bytes } = blob
      const changed = bytes !== event.kept || (await blob.hash()) !== event.sha256
      files.set(event.file, {
        link: blob.linkFrom(from),
        ...(bytes === undefined ? {} : { bytes }),
        changed,
        ...linkTo(event.run, event.file, blob),
      })
    }
  }
  await copyAll(copies, from, redaction)
  return files
}

type Blob = Awaited<ReturnType<RunStore['blob']>>

/** Copies files into a folder; none is there by its name before all are whole. */
async function copyAll(
  copies: ReadonlyMap<string, Blob>,
  folder: string,
  redaction: Redaction | undefined,
): Promise<void> {
  if (copies.size === 0) return
  const draft = await mkdtemp(join(folder, '.evidence-'))
  try {
    for (const [name, blob] of copies) {
      await mkdir(dirname(join(draft, name)), { recursive: true })
      await blob.copyTo(join(draft, name))
      if (redaction?.needed) copyRedacted(join(draft, name), join(draft, name), redaction)
    }
    for (const name of copies.keys()) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await rename(join(draft, name), join(folder, name))
    }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function readBlob(blob: Blob, from: string): Promise<KeptFile> {
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
