import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Entry, fromRandomAccessReader, type Options, RandomAccessReader, type ZipFile } from 'yauzl'
import { errorCode } from '../../storage/error-code.ts'
import { decompress } from './decompress.ts'
import type { ZipPlace } from './find-zip.ts'
import { refuseLinkOutside } from './outside.ts'
import type { Compression } from './recognise.ts'
import { ArchiveRefusedError, type Tally } from './tally.ts'

declare module 'yauzl' {
  interface ZipFile {
    openReadStream(
      entry: Entry,
      options: { readonly decodeFileData: false },
      callback: (error: Error | null, stream: Readable) => void,
    ): void
  }
}

/** Opens the bytes of a file from `start` up to and without `end`. */
export type OpenRange = (start: number, end: number) => Readable

/** Unpacks every entry of a ZIP, counts it, and gives its bytes to `look`. Throws an ArchiveRefusedError when it is not acceptable. */
export async function readZip(
  open: OpenRange,
  { start, end }: ZipPlace,
  tally: Tally,
  look: (bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const reader = new RangeReader((from, to) => open(start + from, start + to))
  const zip = await openZip(reader, end - start)
  const packed: Packed[] = []
  try {
    for await (const entry of entriesOf(zip)) {
      tally.addEntry()
      packed.push({ from: entry.relativeOffsetOfLocalHeader, size: entry.compressedSize })
      await readEntry(zip, entry, tally, look)
    }
  } catch (error) {
    // What yauzl says: also of absolute names, of names with `..`, and of sizes that are not as they were declared.
    if (error instanceof ArchiveRefusedError || !(error instanceof Error) || isSystemError(error)) throw error
    throw new ArchiveRefusedError(`it cannot be read: ${error.message}`)
  }
  refuseOverlap(packed)
}

// The volume does not answer: that says nothing about the archive.
function isSystemError(error: Error): boolean {
  return /^E[A-Z]+$/.test(errorCode(error) ?? '')
}

class RangeReader extends RandomAccessReader {
  readonly #open: OpenRange

  constructor(open: OpenRange) {
    super()
    this.#open = open
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#open(start, end)
  }
}

function openZip(reader: RandomAccessReader, size: number): Promise<ZipFile> {
  const options: Options = { lazyEntries: true, autoClose: false, strictFileNames: false }
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(reader, size, options, (error, zip) => {
      if (error) reject(new ArchiveRefusedError(`it cannot be read: ${error.message}`))
      else resolve(zip)
    })
  })
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip.removeAllListeners()
      zip.once('entry', resolve)
      zip.once('end', () => resolve(undefined))
      zip.once('error', reject)
      zip.readEntry()
    })
    if (entry === undefined) return
    yield entry
  }
}

async function readEntry(
  zip: ZipFile,
  entry: Entry,
  tally: Tally,
  look: (bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  if (entry.fileName.endsWith('/') && entry.compressedSize === 0) return
  // Without its password nobody unpacks it. What it says of itself is all that is known.
  if (entry.isEncrypted()) return tally.addBytes(entry.uncompressedSize)
  const bytes = tally.count(unpack(zip, entry))
  if (isLink(entry)) return refuseLinkOutside(entry.fileName, (await buffer(bytes)).toString())
  await look(bytes)
}

// APPNOTE.TXT, 4.4.5
const methods: Readonly<Record<number, Compression>> = { 12: 'bz2', 93: 'zst', 95: 'xz' }

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const compression = methods[entry.compressionMethod]
  const stream = await new Promise<Readable>((resolve, reject) => {
    const done = (error: Error | null, opened: Readable) => (error ? reject(error) : resolve(opened))
    if (compression === undefined) zip.openReadStream(entry, done)
    else zip.openReadStream(entry, { decodeFileData: false }, done)
  })
  yield* compression === undefined ? stream : decompress(compression, stream)
}

// The high half of the attributes is the mode of Unix.
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170_000) === 0o120_000
}

interface Packed {
  readonly from: number
  readonly size: number
}

// Entries that share their bytes make a bomb that no single entry is.
function refuseOverlap(packed: readonly Packed[]): void {
  const shortestHeader = 30
  let end = 0
  for (const { from, size } of packed.toSorted((a, b) => a.from - b.from)) {
    if (from < end) throw new ArchiveRefusedError('its entries overlap')
    end = from + shortestHeader + size
  }
}
