import { type Stats, statSync } from 'node:fs'
import { appendFile, open, rename, rm, writeFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { crc32 } from 'node:zlib'
import { draftOf, type Places } from './places.ts'
import { APPENDS, shareFile } from './share.ts'

/** A line of the index. */
export interface Line {
  readonly run: string
  /** How the ledger looked; `QUIET` when the run was old, over, and had changed nothing; empty when it was resumed since. */
  readonly stamp: string
  /** The run's changes as JSON; empty when it is over, and changed and reverted nothing. */
  readonly text: string
}

/** The stamp of a run that is not looked at again. One line names all such runs: there may be ten thousand. */
export const QUIET = 'quiet'

/** Says that what the index says of a run is not so any more. */
export async function forgetChanges({ index }: Places, run: string): Promise<void> {
  await appendFile(index, `\n${write({ run, stamp: '', text: '' })}`, { flag: APPENDS })
    // Without an index all is read.
    .catch(() => rm(index, { force: true }))
    .catch(() => undefined)
}

/**
 * How a ledger looks from outside: its size, when it was written last, and its file's number. With its reserve, if it has one: what has
 * no room in the one is in the other. A run takes its reserve when it begins, so one that had none then has none now. And with the file on
 * another disk, if there is one: a ledger that is read-only by now goes on there.
 */
export function stampOf(places: Places, run: string, before: Line | undefined, rest: string): string | undefined {
  // Joined by hand: this is done for each of ten thousand runs before the first step of a new one.
  const folder = `${places.runs}${sep}${run}${sep}`
  const own = statOf(`${folder}ledger.ndjson`)
  if (!own) return undefined
  const far = rest === '' ? undefined : statSync(rest, { throwIfNoEntry: false })
  const stamp = `${own.size}-${own.mtimeMs}-${own.ino}${far ? `-rest-${far.size}-${far.mtimeMs}` : ''}`
  if (before !== undefined && !before.stamp.includes(RESERVED)) return stamp
  const room = statSync(`${folder}reserve${sep}lines`, { throwIfNoEntry: false })
  return room ? `${stamp}${RESERVED}${room.mtimeMs}` : stamp
}

/** What a file is, if it is there. Node throws for a path that leads through what is no folder. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}

/** In a stamp, before the time at which the reserve was written last. */
const RESERVED = '-reserve-'

/** What was read of an index: a run reads it twice, and then only what was appended meanwhile. */
export interface IndexMemory {
  read?: { readonly known: Map<string, Line>; readonly count: number; readonly inode: number; readonly bytes: number }
}

/** The lines that count, and how many there are. An index that cannot be read has none. */
export async function readIndex(
  file: string,
  memory: IndexMemory,
): Promise<Pick<NonNullable<IndexMemory['read']>, 'known' | 'count'>> {
  const index = await open(file, 'r').catch(() => undefined)
  if (!index) return { known: new Map(), count: 0 }
  try {
    const { ino: inode, size } = await index.stat()
    const before = memory.read?.inode === inode && memory.read.bytes <= size ? memory.read : undefined
    const { known, count, bytes } = before ?? { known: new Map<string, Line>(), count: 0, bytes: 0 }
    const { buffer, bytesRead } = await index.read(Buffer.alloc(size - bytes), 0, size - bytes, bytes)
    // Half a line may be one that is being written.
    const whole = buffer.lastIndexOf('\n', bytesRead) + 1
    const lines = buffer.toString('utf8', 0, whole).split('\n')
    for (const line of lines) {
      const read = parse(line)
      if (read?.stamp === '') known.delete(read.run)
      else if (read?.stamp === QUIET)
        for (const run of read.text.split(' ')) known.set(run, { run, stamp: QUIET, text: '' })
      else if (read) known.set(read.run, read)
    }
    memory.read = { known, count: count + lines.length, inode, bytes: bytes + whole }
    return memory.read
  } finally {
    await index.close()
  }
}

/** Appends lines to the index, or writes it anew with all that count. Without an index everything is read, so a failure is none. */
export async function writeIndex(
  file: string,
  fresh: readonly Line[],
  all: readonly Line[] | undefined,
): Promise<void> {
  if (!all)
    return appendFile(file, `\n${writeAll(fresh)}`, { flag: APPENDS }).then(
      () => void shareFile(file),
      () => undefined,
    )
  const draft = draftOf(file)
  await writeFile(draft, writeAll(all))
    .then(() => rename(shareFile(draft), file))
    .catch(() => rm(draft, { force: true }))
    .catch(() => undefined)
}

function writeAll(lines: readonly Line[]): string {
  const quiet = lines.flatMap(({ run, stamp }) => (stamp === QUIET ? run : []))
  const named = quiet.length === 0 ? [] : [{ run: '', stamp: QUIET, text: quiet.join(' ') }]
  return [...named, ...lines.filter(({ stamp }) => stamp !== QUIET)].map(write).join('')
}

/** A line with its own sum: one that is not what was written is not believed. */
function write({ run, stamp, text }: Line): string {
  const content = `${JSON.stringify(run)} ${stamp} ${text}`
  return `${sumOf(content)} ${content}\n`
}

function parse(line: string): Line | undefined {
  const content = line.slice(SUM + 1)
  if (content === '' || line.slice(0, SUM) !== sumOf(content)) return undefined
  const first = content.indexOf(' ')
  const second = content.indexOf(' ', first + 1)
  return {
    run: content.slice(1, first - 1),
    stamp: content.slice(first + 1, second),
    text: content.slice(second + 1),
  }
}

/** Digits of a sum. */
const SUM = 8

/** What lines of before said of runs that they could not read counts no more: the sum is of this number, too. */
const VERSION = 3

function sumOf(content: string): string {
  return crc32(`${VERSION} ${content}`).toString(16).padStart(SUM, '0')
}
