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
    const directory = (await readEnd64(readAt, end)) ?? {
      end,
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    }
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

// A ZIP64 has a second end before the first, which counts.
async function readEnd64(readAt: ReadAt, end: number): Promise<Directory | undefined> {
  const at = end - locatorLength - end64Length
  if (at < 0) return undefined
  const bytes = await readAt(at, end64Length + locatorLength)
  if (bytes.readUInt32LE(0) !== 0x06064b50 || bytes.readUInt32LE(end64Length) !== 0x07064b50) return undefined
  return { end: at, size: Number(bytes.readBigUInt64LE(40)), offset: Number(bytes.readBigUInt64LE(48)) }
}

async function isDirectory(readAt: ReadAt, position: number, size: number): Promise<boolean> {
  if (size === 0) return true
  if (position < 0) return false
  const bytes = await readAt(position, 4)
  return bytes.length === 4 && bytes.readUInt32LE(0) === 0x02014b50
}
