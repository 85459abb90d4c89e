import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Piece } from '../secrets/index.ts'
import type { Run } from './run.ts'

/** Takes what a step prints, without secrets: tells it, and once it is much, tells its newest lines and keeps it whole in a file. */
export interface OutputKeeper {
  push(pieces: readonly Piece[]): void
  /** Tells the end of what was printed, and what was kept. */
  end(): void
}

/** How much of a step's output goes where, in bytes, and how often its newest lines are told, in milliseconds. */
export interface OutputLimits {
  /** Told as it comes, and kept in the ledger alone. */
  readonly told: number
  /** Of the newest lines, each time. */
  readonly newest: number
  /** Kept in the file. */
  readonly file: number
  /** The first time; each further one comes after twice as long, up to `atMost`. */
  readonly every: number
  readonly atMost: number
}

/** The limits of every step. */
export const OUTPUT_LIMITS: OutputLimits = {
  told: 64 * 1024,
  newest: 4 * 1024,
  file: 256 * 1024 * 1024,
  every: 1_000,
  atMost: 16_000,
}

/** Makes a keeper for one try of a step. Its file is `output/STEP.TRY.log` in the run's folder; a run that is not recorded has none. */
export function keepOutput(
  { emit, folder }: { readonly emit: Run['emit']; readonly folder: string | undefined },
  step: string,
  attempt: number,
  limits = OUTPUT_LIMITS,
): OutputKeeper {
  let told: string[] | undefined = []
  let bytes = 0
  let file: OutputFile | undefined
  /** What came since the last time: its end, and how much of its beginning was let go. */
  let newest: readonly Piece[] = []
  let skipped = 0
  let timer: NodeJS.Timeout | undefined
  let wait = limits.every

  const tellNewest = () => {
    clearTimeout(timer)
    timer = undefined
    wait = Math.min(wait * 2, limits.atMost)
    let before = skipped
    for (const { stream, text } of newest) {
      emit({ type: 'step.output', step, stream, text, ...(before > 0 ? { skipped: before } : {}) })
      before = 0
    }
    newest = []
    skipped = 0
  }
  const pushOne = ({ stream, text }: Piece) => {
    const size = Buffer.byteLength(text)
    bytes += size
    if (told && bytes <= limits.told) {
      told.push(text)
      emit({ type: 'step.output', step, stream, text })
      return
    }
    if (told) {
      file = openOutput(folder, `${step}.${attempt}`, limits.file)
      for (const early of told) file.write(Buffer.from(early))
      told = undefined
    }
    file?.write(Buffer.from(text))
    const kept = cutBeginning([...newest, { stream, text }], limits.newest)
    newest = kept.pieces
    skipped += kept.cut
    timer ??= setTimeout(tellNewest, wait)
  }
  return {
    push: pieces => pieces.forEach(pushOne),
    end() {
      clearTimeout(timer)
      if (newest.length > 0) tellNewest()
      if (file) emit({ type: 'step.output-kept', step, bytes, ...file.close() })
    },
  }
}

/** The newest lines of what was printed, and how many bytes stand before them. */
function cutBeginning(
  pieces: readonly Piece[],
  limit: number,
): { readonly pieces: readonly Piece[]; readonly cut: number } {
  let left = limit
  let cut = 0
  const kept: Piece[] = []
  for (const { stream, text } of pieces.toReversed()) {
    let rest = left >= text.length ? text : left > 0 ? text.slice(-left) : ''
    // A line whose beginning is gone says little, unless it is all that there is.
    const line = rest.indexOf('\n') + 1
    if (rest.length < text.length && line < rest.length) rest = rest.slice(line)
    cut += Buffer.byteLength(text) - Buffer.byteLength(rest)
    left -= text.length
    if (rest !== '') kept.unshift({ stream, text: rest })
  }
  return { pieces: kept, cut }
}

interface OutputFile {
  write(bytes: Buffer): void
  close(): { readonly file?: string; readonly kept: number; readonly sha256: string; readonly problem?: string }
}

/** A file that takes as much as it may, and as the disk has room for: a run goes on without it. */
function openOutput(folder: string | undefined, name: string, limit: number): OutputFile {
  const hash = createHash('sha256')
  let kept = 0
  let problem = folder === undefined ? 'this run is not recorded' : undefined
  let opened: { readonly file: string; readonly number: number } | undefined
  const attempt = (work: () => void) => {
    if (problem !== undefined) return
    try {
      work()
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
  }
  attempt(() => {
    opened = openNew(folder ?? '', name)
  })
  return {
    write(bytes) {
      attempt(() => {
        for (const end = Math.min(bytes.length, limit - kept), from = kept; kept < from + end; ) {
          const at = kept - from
          const written = writeSync(opened?.number ?? -1, bytes, at, end - at)
          hash.update(bytes.subarray(at, at + written))
          kept += written
        }
      })
    },
    close() {
      if (opened) closeSync(opened.number)
      return {
        ...(opened ? { file: opened.file } : {}),
        kept,
        sha256: hash.digest('hex'),
        ...(problem === undefined ? {} : { problem }),
      }
    },
  }
}

/** A file of its own: a run that is resumed counts its tries anew. */
function openNew(folder: string, name: string): { file: string; number: number } {
  mkdirSync(join(folder, 'output'), { recursive: true })
  for (let count = 1; ; count++) {
    const file = join('output', `${name}${count === 1 ? '' : `-${count}`}.log`)
    try {
      return { file, number: openSync(join(folder, file), 'wx', 0o600) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
