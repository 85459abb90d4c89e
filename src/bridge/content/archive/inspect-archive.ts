import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Ends } from '../ends.ts'
import { decompress } from './decompress.ts'
import { findZip, hasEndOfZip, type ReadAt, tailLength, type ZipPlace } from './find-zip.ts'
import { readTar } from './read-tar.ts'
import { readZip } from './read-zip.ts'
import { headLength, type Kind, recognise } from './recognise.ts'
import { type ArchiveLimits, ArchiveRefusedError, Tally } from './tally.ts'

/** What a file is, as far as it can be unpacked. It may be two things at once: a program or a picture with a ZIP at its end. */
export interface FoundArchive {
  readonly size: number
  readonly kind: Exclude<Kind, 'program'> | undefined
  readonly zip: ZipPlace | undefined
}

/** How many bytes of the ends of a file tell that it is no archive. */
export const endLengths = { head: headLength, tail: tailLength } as const

/** Whether a file may be an archive, by its ends alone. When it may, `findArchive` tells. */
export function mayBeArchive({ head, tail }: Ends): boolean {
  const kind = recognise(head)
  return (kind !== undefined && kind !== 'program') || hasEndOfZip(tail)
}

/** Looks whether a file is an archive, by its beginning and its end. Undefined when it is none. */
export async function findArchive(path: string): Promise<FoundArchive | undefined> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const readAt: ReadAt = async (position, length) => {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
      return buffer.subarray(0, bytesRead)
    }
    const recognised = recognise(await readAt(0, headLength))
    const kind = recognised === 'program' ? undefined : recognised
    const zip = await findZip(readAt, size)
    return kind === undefined && zip === undefined ? undefined : { size, kind, zip }
  } finally {
    await file.close()
  }
}

/** Unpacks an archive and everything inside it, keeps nothing, and throws an ArchiveRefusedError when it is not acceptable. */
export async function inspectArchive(path: string, limits: ArchiveLimits): Promise<void> {
  const found = await findArchive(path)
  if (found === undefined) return
  const tally = new Tally(found.size, limits)
  if (found.zip !== undefined) {
    // Who unpacks from the beginning finds another archive than who unpacks by the end.
    if (found.kind === 'zip' && found.zip.start > 0)
      throw new ArchiveRefusedError('it begins as one ZIP and ends as another')
    const range = (start: number, end: number) => createReadStream(path, { start, end: end - 1 })
    await readZip(range, found.zip, tally, bytes => inspectBytes(bytes, 1, tally))
  } else if (found.kind === 'zip') throw new ArchiveRefusedError('it cannot be read: it has no directory at its end')
  if (found.kind !== undefined && found.kind !== 'zip') await inspectBytes(createReadStream(path), 0, tally)
}

/** Looks into bytes that stand `depth` archives deep. */
async function inspectBytes(bytes: AsyncIterable<Buffer>, depth: number, tally: Tally): Promise<void> {
  const { head, all } = await peek(bytes)
  const kind = recognise(head)
  const lookInside = (inside: AsyncIterable<Buffer>) => inspectBytes(inside, depth + 1, tally)
  switch (kind) {
    case undefined:
      for await (const _chunk of all);
      return
    case 'tar':
      // Nothing is packed in it, and `tar.gz` is one archive to everybody.
      return readTar(all, tally, member => inspectBytes(member, depth, tally))
    case 'zip':
    case 'program':
      return tally.inMemory(all, whole => inspectZip(whole, kind, depth, tally, lookInside))
    default:
      tally.openAt(depth)
      return lookInside(tally.count(decompress(kind, all)))
  }
}

async function inspectZip(
  whole: Buffer | undefined,
  kind: 'zip' | 'program',
  depth: number,
  tally: Tally,
  lookInside: (inside: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const zip =
    whole && (await findZip(async (position, length) => whole.subarray(position, position + length), whole.length))
  if (whole === undefined || zip === undefined) {
    // A program that is too large to look for a ZIP at its end, or has none, is a file like any other.
    if (kind === 'program') return
    tally.openAt(depth)
    throw new ArchiveRefusedError(
      whole === undefined
        ? 'it has an archive inside that is too large to look into'
        : 'an archive inside it cannot be read',
    )
  }
  tally.openAt(depth)
  await readZip((start, end) => Readable.from([whole.subarray(start, end)]), zip, tally, lookInside)
}

async function peek(bytes: AsyncIterable<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const source = bytes[Symbol.asyncIterator]()
  const first: Buffer[] = []
  for (let size = 0; size < headLength; ) {
    const { done, value } = await source.next()
    if (done) break
    first.push(value)
    size += value.length
  }
  async function* all() {
    yield* first
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { head: Buffer.concat(first), all: all() }
}
