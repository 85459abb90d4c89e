/** Reads bytes of a file, from a position on; fewer than asked for at its end. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>

/** Where a ZIP is in a file: something may stand before and behind it. */
export interface ZipPlace {
  readonly start: number
  readonly end: number
}

const endLength = 22
const longestComment = 0xffff
/** How many bytes of the end of a file are searched for the end of a ZIP. */
export const tailLength = endLength + 2 * longestComment
const locatorLength = 20
const end64Length = 56

/**
 * Finds a ZIP by its end, as unpackers do: also behind a program, and when something follows it. Undefined when there is no directory where
 * the end says that it is.
 */
export async function findZip(readAt: ReadAt, size: number): Promise<ZipPlace | undefined> {
  const tailStart = Math.max(0, size - tailLength)
  const tail = await readAt(tailStart, size - tailStart)
  for (let at = lastEnd(tail, tail.length - endLength); at >= 0; at = lastEnd(tail, at - 1)) {
    const end = tailStart + at
    const end64 = await readEnd64(readAt, end)
    // Taken for a whole ZIP that nobody can read, so that it is refused.
    if (end64 === 'unreadable') return { start: 0, end: end + endLength }
    const directory = end64 ?? { end, size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
    const place = { start: directory.end - directory.size - directory.offset, end: end + endLength }
    if (place.start >= 0 && (await isDirectory(readAt, directory.end - directory.size, directory.size)))
      return { start: place.start, end: Math.min(size, place.end + tail.readUInt16LE(at + 20)) }
  }
  return undefined
}

const endMark = Buffer.from('PK\x05\x06', 'latin1')

/** Whether the end of a ZIP may be in these bytes. */
export function hasEndOfZip(tail: Buffer): boolean {
  return tail.includes(endMark)
}

/** Where the last end begins in the bytes, at most at `from`; -1 when there is none. Buffers take a negative place for one from their end. */
function lastEnd(bytes: Buffer, from: number): number {
  return from < 0 ? -1 : bytes.lastIndexOf(endMark, from)
}

interface Directory {
  /** Where it ends in the file. */
  readonly end: number
  readonly size: number
  /** Where it begins in the ZIP. */
  readonly offset: number
}

/**
 * A ZIP64 has a second end before the first, which counts; bytes of others may stand behind it. Undefined when there is none. `unreadable`
 * when one is announced and is not there: unpackers find it in other ways.
 */
async function readEnd64(readAt: ReadAt, end: number): Promise<Directory | 'unreadable' | undefined> {
  const locator = end - locatorLength
  if (locator < 0) return undefined
  const announced = await readAt(locator, locatorLength)
  if (announced.readUInt32LE(0) !== 0x07064b50) return undefined
  const from = Math.max(0, locator - mostBehindEnd64)
  const bytes = await readAt(from, locator - from)
  for (let at = bytes.lastIndexOf(end64Mark); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(end64Mark, at - 1)) {
    if (at + end64Length > bytes.length || from + at + 12 + Number(bytes.readBigUInt64LE(at + 4)) !== locator) continue
    return {
      end: from + at,
      size: Number(bytes.readBigUInt64LE(at + 40)),
      offset: Number(bytes.readBigUInt64LE(at + 48)),
    }
  }
  return 'unreadable'
}

const end64Mark = Buffer.from('PK\x06\x06', 'latin1')
/** How many bytes before its locator the second end is looked for. */
const mostBehindEnd64 = 1024 * 1024

async function isDirectory(readAt: ReadAt, position: number, size: number): Promise<boolean> {
  if (size === 0) return true
  if (position < 0) return false
  const bytes = await readAt(position, 4)
  return bytes.length === 4 && bytes.readUInt32LE(0) === 0x02014b50
}
