import { stripVTControlCharacters } from 'node:util'
import type { RunWriter } from '../journal/index.ts'
import type { Piece } from '../secrets/index.ts'
import type { Run } from './run.ts'

/** Takes what a step prints, without secrets: tells it, and once it is much, tells its newest lines and keeps it whole in a file. */
interface OutputKeeper {
  push(pieces: readonly Piece[]): void
  /** Tells the end of what was printed, and what was kept. */
  end(): void
}

/** How much of a step's output goes where, in bytes, and how often its newest lines are told, in milliseconds. */
interface OutputLimits {
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

/** Makes a keeper for one try of a step. What is kept whole is a blob of the run's store. */
export function keepOutput(
  { emit, writer }: { readonly emit: Run['emit']; readonly writer: Pick<RunWriter, 'openBlob'> },
  step: string,
  attempt: number,
  limits = OUTPUT_LIMITS,
): OutputKeeper {
  let told: string[] | undefined = []
  let bytes = 0
  let file: ReturnType<RunWriter['openBlob']> | undefined
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
      void emit({ type: 'step.output', step, stream, text, ...(before > 0 ? { skipped: before } : {}) })
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
      void emit({ type: 'step.output', step, stream, text })
      return
    }
    if (told) {
      file = writer.openBlob({ step, attempt }, limits.file)
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
      if (file) void emit({ type: 'step.output-kept', step, bytes, ...file.close() })
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
    // A line without its beginning says little, unless it is all that there is.
    const line = rest.indexOf('\n') + 1
    if (rest.length < text.length && line < rest.length) rest = rest.slice(line)
    cut += Buffer.byteLength(text) - Buffer.byteLength(rest)
    left -= text.length
    if (rest !== '') kept.unshift({ stream, text: rest })
  }
  return { pieces: kept, cut }
}

/** Characters that are kept of a stream, and that are told of its last line. */
const KEPT = 2000
const TOLD = 200

/** Keeps the end of a stream for its last line. Give it redacted text: what is cut could not be redacted any more. */
interface LastLine {
  push(text: string): void
  /** The last line that says anything, without colours and shortened; nothing when there is none. */
  read(): string | undefined
}

/** Makes a keeper for one stream. */
export function keepLastLine(): LastLine {
  let kept = ''
  return {
    push(text) {
      kept = (kept + text).slice(-KEPT)
    },
    read() {
      const line = stripVTControlCharacters(kept)
        .split(/[\r\n]+/)
        .map(text => text.trim())
        .findLast(Boolean)
      return line !== undefined && line.length > TOLD ? `${line.slice(0, TOLD - 1)}…` : line
    },
  }
}
