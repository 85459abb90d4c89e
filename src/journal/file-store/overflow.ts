import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Keeping } from '../run-writer.ts'
import type { LedgerFiles } from './places.ts'
import { openLineReserve } from './reserve.ts'

/** How much of a reserve is for facts alone: output gets the rest. */
const FOR_FACTS = 0.75

/** A line that the ledger's file has not, and where it is meanwhile. */
export interface OutsideLine {
  readonly bytes: Buffer
  readonly seq: number
  at: 'reserve' | 'elsewhere' | 'nowhere'
}

/**
 * The lines that a ledger's file had no room for. They are in the reserve of their run, else in a file on another disk, else in memory.
 */
export interface Overflow {
  /** Whether there is no such line. */
  isEmpty(): boolean
  add(line: OutsideLine): void
  /** Forgets the line that was added last. */
  takeBack(): void
  /** Puts each line that is only in memory where there is room for it. Of output not all of the reserve is taken. */
  save(isOutput: (line: OutsideLine) => boolean): void
  /** Gives the lines to `write`, one after the other. Throws what it throws; the lines from there on stay. */
  drain(write: (line: OutsideLine) => void): void
  /** Puts lines that the ledger's file has on another disk, too. Whether they are there. */
  copy(lines: readonly OutsideLine[]): boolean
  /** Where the lines are. */
  describe(why: string): Keeping
  /** The numbers of the files that have lines, to sync them. */
  listFiles(): number[]
  close(): void
}

/** Opens what keeps the lines of a ledger that its file has no room for. `before` are those that a run that is resumed has there. */
export function openOverflow(
  files: LedgerFiles,
  before: { readonly seq: number; readonly outside: readonly string[] },
): Overflow {
  const reserve = openLineReserve(files.reserve)
  let rest: ReturnType<typeof openRest>
  const first = before.seq - before.outside.length + 1
  // Where exactly they stand does not matter: they are on a disk.
  const lines = before.outside.map((line, index): OutsideLine => {
    return { bytes: Buffer.from(`${line}\n`), seq: first + index, at: 'elsewhere' }
  })
  const put = (line: OutsideLine, isOutput: boolean) => {
    try {
      if (reserve && line.bytes.length <= reserve.left - (isOutput ? reserve.size * FOR_FACTS : 0)) {
        reserve.put(line.bytes)
        line.at = 'reserve'
        return
      }
    } catch {
      // Not even what is there already can be written over.
    }
    try {
      rest ??= openRest(files)
      rest?.put(line.bytes)
      if (rest) line.at = 'elsewhere'
    } catch {
      // It stays in memory.
    }
  }
  const clear = () => {
    try {
      reserve?.clear()
      rest?.close()
      if ((rest || before.outside.length > 0) && files.rest !== undefined) rmSync(files.rest, { force: true })
    } catch {
      // Lines that the ledger has are not read a second time.
    }
    rest = undefined
  }
  return {
    isEmpty: () => lines.length === 0,
    add: line => lines.push(line),
    takeBack: () => lines.pop(),
    save(isOutput) {
      for (const line of lines) if (line.at === 'nowhere') put(line, isOutput(line))
    },
    drain(write) {
      for (let [line] = lines; line; [line] = lines) {
        write(line)
        lines.shift()
      }
      clear()
    },
    copy(given) {
      try {
        rest ??= openRest(files)
        for (const { bytes } of given) rest?.put(bytes)
        return rest !== undefined
      } catch {
        return false
      }
    },
    describe(why) {
      const lost = lines.find(({ at }) => at === 'nowhere')
      if (lost) return { at: 'nowhere', why, from: lost.seq, to: lines.at(-1)?.seq ?? lost.seq }
      return rest ? { at: 'elsewhere', why, file: rest.path } : { at: 'reserve', why }
    },
    listFiles: () =>
      [lines.some(({ at }) => at === 'reserve') ? reserve?.file : undefined, rest?.file].filter(
        file => file !== undefined,
      ),
    close() {
      reserve?.close()
      rest?.close()
    },
  }
}

/** Throws `error` unless a further line of this ledger can be written anywhere. */
export function demandRoom(files: LedgerFiles, error: unknown): void {
  const room = openLineReserve(files.reserve) ?? openRest(files)
  if (!room) throw error
  room.close()
}

/** Opens a file on another disk, if there is one. Throws when it cannot be made. */
function openRest({ rest: path }: LedgerFiles) {
  if (path === undefined) return undefined
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'a', 0o600)
  return {
    path,
    file,
    put(bytes: Buffer) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    },
    close: () => closeSync(file),
  }
}
