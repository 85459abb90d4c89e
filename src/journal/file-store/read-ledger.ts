import { type FSWatcher, watch } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../event.ts'
import { type ChainEnd, type VerifiedLines, verifyLines } from './chain.ts'
import type { LedgerFiles } from './places.ts'
import { readLineReserve, readText } from './reserve.ts'

/** What a ledger holds, as far as it is what was written. */
export interface LedgerContent extends Omit<VerifiedLines, 'length' | 'seq'> {
  /** The number of its last good line. */
  readonly seq: number
  /** How many bytes the good lines of the ledger's own file have, and their number and last hash. */
  readonly own: ChainEnd & { readonly length: number }
  /** The good lines that the file had no room for: they stand in the reserve, or on another disk. */
  readonly outside: readonly string[]
}

/** Reads a ledger and verifies its chain, with the lines that its file had no room for. Rejects when there is none. */
export async function readLedger(files: LedgerFiles): Promise<LedgerContent> {
  const content = joinLines(verifyLines((await readFile(files.ledger)).toString('utf8')), files)
  const wrong = content.events.findIndex((event, at) => !isInPlace(event, content.events[at - 1], files.run))
  if (wrong < 0) return content
  const { torn: _, newer: __, ...rest } = content
  return { ...rest, events: content.events.slice(0, wrong), badLine: wrong + 1 }
}

/**
 * Whether an event can stand where it does. Each names its run: those of another one are not what was written here. Only the first
 * tells of the run's start. After its end a run may be resumed, and its record may be warned of.
 */
function isInPlace(event: RunEvent, before: RunEvent | undefined, run: string): boolean {
  if (event.run !== run || (before !== undefined && event.type === 'run.started')) return false
  return before?.type !== 'run.finished' || event.type === 'run.resumed' || event.type === 'run.warned'
}

/** Why a ledger cannot be read as that of a run, with its place. Nothing when at least its first event can. */
export function whyUnreadable(
  { ledger }: LedgerFiles,
  { events, badLine, torn, newer }: Pick<LedgerContent, 'events' | 'badLine' | 'torn' | 'newer'>,
): string | undefined {
  if (events[0]?.type === 'run.started') return undefined
  if (events.length > 0) return `line 1 of ${ledger} does not tell of a run’s start`
  if (newer !== undefined) return `${ledger}: ${newer}`
  if (badLine === undefined) return `${ledger} is empty`
  return torn ? `${ledger} has not one whole line` : `line ${badLine} of ${ledger} is not what was written`
}

/** A ledger's good lines as they were written, byte by byte, wherever they stand; all there is when somebody changed it. */
export async function readLedgerBytes(files: LedgerFiles): Promise<Buffer> {
  const bytes = await readFile(files.ledger)
  const { own, outside } = await readLedger(files)
  if (outside.length === 0) return bytes
  return Buffer.concat([bytes.subarray(0, own.length), Buffer.from(outside.map(line => `${line}\n`).join(''))])
}

/** Adds the lines that stand outside the ledger's file, as long as each follows the one before. */
function joinLines(found: VerifiedLines, files: LedgerFiles): LedgerContent {
  const { length, ...own } = found
  const content = { ...own, own: { length, seq: own.seq, head: own.head } }
  // Nothing follows a line that somebody changed.
  if (own.badLine !== undefined && !own.torn) return { ...content, outside: [] }
  const outside: string[] = []
  const events = [...own.events]
  let { head, seq } = content.own
  let { newer } = own
  for (const line of listOutside(files)) {
    const next = verifyLines(`${line}\n`, { seq, head })
    if (next.badLine !== undefined) continue
    outside.push(line)
    if (newer === undefined) events.push(...next.events)
    newer ??= next.newer
    head = next.head
    seq = next.seq
  }
  if (outside.length === 0) return { ...content, outside }
  // Half a line at the end of the file is one that was written whole elsewhere.
  const { badLine: _, torn: __, ...good } = content
  return { ...good, events, head, seq, outside, ...(newer === undefined ? {} : { newer }) }
}

/** The lines outside a ledger's file in the order of their numbers: some may be in the file, too. */
function listOutside({ reserve, rest }: LedgerFiles): string[] {
  const lines = `${readLineReserve(reserve)}\n${rest === undefined ? '' : readText(rest)}`.split('\n').filter(Boolean)
  const numbered = lines.flatMap(line => {
    const seq = /^\{"seq":(\d+),/.exec(line)?.[1]
    return seq === undefined ? [] : [{ line, seq: Number(seq) }]
  })
  return numbered.toSorted((a, b) => a.seq - b.seq).map(({ line }) => line)
}

/** Milliseconds between two looks: no file system on which folders are shared tells of a change of another machine by itself. */
const LOOK_EVERY = 100
/** Milliseconds in which lines that come together are read together. */
const TOGETHER = 10

/** Follows a ledger that another process writes, until the run's end. Throws for a line that its runner did not write. */
export async function* watchRun(files: LedgerFiles, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let told = 0
  let own = { length: 0, seq: 0, head: '' }
  const changes = heedChanges(files.ledger)
  signal.addEventListener('abort', changes.end)
  try {
    while (!signal.aborted) {
      const text = (await readFrom(files.ledger, own.length)).toString('utf8')
      const content = joinLines(verifyLines(text, own), files)
      for (const event of content.events.slice(told - own.seq)) {
        told += 1
        yield event
        // An end that something follows was one for the time being: the run was resumed.
        if (signal.aborted || (event.type === 'run.finished' && event === content.events.at(-1))) return
      }
      // Half a line is one that is being written.
      if (content.badLine !== undefined && !content.torn)
        throw new Error(`line ${content.badLine} of the ledger was changed`)
      if (content.newer !== undefined) throw new Error(content.newer)
      own = { ...content.own, length: own.length + content.own.length }
      await changes.next()
    }
  } finally {
    changes.end()
  }
}

/** Tells of changes of a file: at once where this machine makes them, and else by the time at which to look again. */
function heedChanges(file: string): { next(): Promise<void>; end(): void } {
  const ended = new AbortController()
  let changed = new AbortController()
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(file, { persistent: false }, () => changed.abort())
    watcher.on('error', () => watcher?.close())
  } catch {
    // It is looked at all the same.
  }
  return {
    async next() {
      const signal = AbortSignal.any([changed.signal, ended.signal])
      await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
      if (!changed.signal.aborted) return
      await sleep(TOGETHER, undefined, { signal: ended.signal }).catch(() => undefined)
      changed = new AbortController()
    },
    end() {
      ended.abort()
      watcher?.close()
    },
  }
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - position)), 0, undefined, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
