import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder, shareFile, WRITES_OVER } from './share.ts'

/** How much room a reserve has: bytes for lines of the ledger, and spare files of a block each for other files. */
export interface ReserveSize {
  readonly lines: number
  readonly spares: number
}

/** What a run takes at its start, and what it makes do with where there is no more. */
export const RESERVES = {
  whole: { lines: 64 * 1024, spares: 6 },
  small: { lines: 16 * 1024, spares: 3 },
} as const satisfies Record<string, ReserveSize>

const BLOCK = 4096

/** The part of a reserve that takes lines of the ledger. */
export interface LineReserve {
  /** Bytes that are free, and that there are in all. */
  readonly left: number
  readonly size: number
  /** Writes over room that the run has already: a full disk does not matter. Throws when there is too little of it. */
  put(line: Buffer): void
  /** Frees all of it. */
  clear(): void
  /** The file's number, to sync it. */
  readonly file: number
  close(): void
}

/** Takes real blocks and inodes in a new folder. Throws, and leaves nothing, when there is no room for all of them. */
export function takeReserve(folder: string, { lines, spares }: ReserveSize): void {
  makeFolder(folder)
  try {
    writeFileSync(linesOf(folder), Buffer.alloc(lines, '\n'), { mode: 0o600, flag: 'wx' })
    shareFile(linesOf(folder))
    for (let number = 1; number <= spares; number++) {
      writeFileSync(join(folder, String(number)), Buffer.alloc(BLOCK))
      shareFile(join(folder, String(number)))
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Why a reserve of this size cannot be taken below a folder, which may not be there yet; nothing when it can. Writes nothing. */
export async function whyFull(folder: string, { lines, spares }: ReserveSize): Promise<string | undefined> {
  let there = folder
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  try {
    await access(there, constants.W_OK)
    const { bavail, bsize, ffree, files } = await statfs(there)
    if (bavail * bsize < lines + (spares + 4) * BLOCK) return `there is no room in ${there}`
    return files > 0 && ffree < spares + 8 ? `there are no inodes left in ${there}` : undefined
  } catch (error) {
    return `${there} cannot be written (${error instanceof Error && 'code' in error ? error.code : error})`
  }
}

/** Does what needs room on the disk. While there is none, one spare file after the other is given up for it. */
export function withRoom<T>(folder: string, work: () => T): T {
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isFull(error) || !giveUpSpare(folder)) throw error
    }
  }
}

/** Gives a reserve back, as far as that is possible. */
export function releaseReserve(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Read-only by now: it stays.
  }
}

/** Opens the part for lines; nothing when there is none, or when it cannot be written. */
export function openLineReserve(folder: string): LineReserve | undefined {
  let file: number
  let size: number
  let end: number
  try {
    const content = readFileSync(linesOf(folder))
    file = openSync(linesOf(folder), WRITES_OVER)
    size = content.length
    end = content.toString('latin1').trimEnd().length
    if (end > 0) end += 1
  } catch {
    return undefined
  }
  const write = (bytes: Buffer, at: number) => {
    for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from, bytes.length - from, at + from)
  }
  return {
    file,
    size,
    get left() {
      return size - end
    },
    put(line) {
      if (line.length > size - end) throw new Error('the reserve for the record is used up')
      write(line, end)
      end += line.length
    },
    clear() {
      if (end > 0) write(Buffer.alloc(end, '\n'), 0)
      end = 0
    },
    close: () => closeSync(file),
  }
}

/** The lines in a reserve; none when there is no reserve. */
export function readLineReserve(folder: string): string {
  return readText(linesOf(folder))
}

/** A file's text; none when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function linesOf(folder: string): string {
  return join(folder, 'lines')
}

function giveUpSpare(folder: string): boolean {
  try {
    const spare = readdirSync(folder).find(name => /^\d+$/.test(name))
    if (spare === undefined) return false
    rmSync(join(folder, spare))
    return true
  } catch {
    return false
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
