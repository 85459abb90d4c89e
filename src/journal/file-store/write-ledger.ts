import {
  close,
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { RunEvent, RunFact } from '../event.ts'
import type { Keeping, RunWriter } from '../run-store.ts'
import type { LedgerFiles } from './places.ts'
import { chainHash, type LedgerContent } from './read-ledger.ts'
import { openLineReserve, type ReserveSize, takeReserve } from './reserve.ts'

/** The part of a run's writer that keeps its events. */
export type LedgerWriter = Pick<RunWriter, 'run' | 'keeping' | 'append' | 'head' | 'close'>

/** What a ledger is written with. */
interface LedgerOptions {
  readonly run: string
  readonly now: () => Date
  /** Whether another process has the run by now. */
  readonly isLost?: (() => boolean) | undefined
}

/** Opens a new ledger, with a reserve. Throws, and leaves none, when there is one already, or no room for both. */
export function openLedger(files: LedgerFiles, size: ReserveSize, options: LedgerOptions): LedgerWriter {
  const file = openSync(files.ledger, 'ax', 0o600)
  try {
    takeReserve(files.reserve, size)
  } catch (error) {
    closeSync(file)
    rmSync(files.ledger, { force: true })
    throw error
  }
  return writeLedger(file, files, { seq: 0, head: '', length: 0, outside: [] }, options)
}

/**
 * Opens the ledger of a run that is resumed. Half a line at its end is cut off, and what had no room in it before is written where it
 * belongs. Throws when its next lines can be written nowhere.
 */
export function reopenLedger(files: LedgerFiles, content: LedgerContent, options: LedgerOptions): LedgerWriter {
  const before = {
    seq: content.events.length,
    head: content.head,
    length: content.own.length,
    outside: content.outside,
  }
  const cut = content.torn || content.outside.length > 0
  let file: number | undefined
  try {
    if (cut) truncateSync(files.ledger, content.own.length)
    file = openSync(files.ledger, 'a')
  } catch (error) {
    const rest = openLineReserve(files.reserve) ?? openRest(files)
    if (!rest) throw error
    rest.close()
  }
  return writeLedger(file, files, before, options)
}

/** A ledger that keeps nothing, for where nothing can be written. */
export function openNoLedger(run: string, now: () => Date, why: string): LedgerWriter {
  const { append, head } = createChain(run, { seq: 0, head: '' }, now, (write, fact) => {
    write(fact)
    return KEPT
  })
  return { run, append, head, keeping: { at: 'nowhere', why, from: 1 }, close: () => KEPT }
}

const KEPT = Promise.resolve()
const LOST = 'another process took this run over, because this one did not renew its lease for too long'

/** How much of a reserve is for facts alone: output gets the rest. */
const FOR_FACTS = 0.75

/** A line that is not in the ledger's file, and where it is meanwhile. */
interface OutsideLine {
  readonly bytes: Buffer
  readonly seq: number
  at: 'reserve' | 'elsewhere' | 'nowhere'
}

interface Before {
  readonly seq: number
  readonly head: string
  readonly length: number
  readonly outside: readonly string[]
}

/**
 * Writes each line at once: to the ledger's file, or, when that takes none, over the room that the run has reserved, or to a file on
 * another disk. What none of them takes stays in memory. With each further line all is tried again, in this order.
 */
function writeLedger(
  file: number | undefined,
  files: LedgerFiles,
  before: Before,
  { run, now, isLost }: LedgerOptions,
): LedgerWriter {
  let { length } = before
  let open = true
  let changes = false
  let stopped: { readonly why: string; readonly from: number } | undefined
  let unsynced: string | undefined
  let why = 'it cannot be opened'
  let syncing = false
  const reserve = openLineReserve(files.reserve)
  let rest: ReturnType<typeof openRest>
  const first = before.seq - before.outside.length + 1
  const outside: OutsideLine[] = before.outside.map((line, index) => {
    // Where exactly it stands does not matter: it is on a disk.
    return { bytes: Buffer.from(`${line}\n`), seq: first + index, at: 'elsewhere' }
  })
  const last = new Set<Promise<void>>()
  const sync = () => {
    const numbers = [file, ...(outside.length > 0 ? [reserve?.file, rest?.file] : [])].filter(one => one !== undefined)
    const done: Promise<void> = Promise.all(numbers.map(number => promisify(fdatasync)(number)))
      .then(
        () => undefined,
        error => {
          unsynced ??= describe(error)
        },
      )
      .finally(() => last.delete(done))
    last.add(done)
    return done
  }
  const forget = () => {
    try {
      reserve?.clear()
      rest?.close()
      if ((rest || before.outside.length > 0) && files.rest !== undefined) rmSync(files.rest, { force: true })
    } catch {
      // Lines that the ledger has are not read a second time.
    }
    rest = undefined
  }
  /** Writes into the ledger's file what stands outside, as far as there is room. */
  const makeGood = () => {
    try {
      for (let [line] = outside; line; [line] = outside) {
        file ??= openSync(files.ledger, 'a')
        length = appendWhole(file, line.bytes, length)
        outside.shift()
      }
      forget()
    } catch (error) {
      why = describe(error)
    }
  }
  const putOutside = (line: OutsideLine, isOutput: boolean) => {
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
  /** Whether a line is on a disk now. */
  const add = (line: OutsideLine, isOutput: boolean) => {
    outside.push(line)
    makeGood()
    for (const one of outside) if (one.at === 'nowhere') putOutside(one, one === line && isOutput)
    return outside.length === 0 || line.at !== 'nowhere'
  }
  const chain = createChain(run, before, now, (write, fact, seq) => {
    if (stopped !== undefined) return KEPT
    // Two who write one ledger would leave one that nobody trusts.
    if (isLost?.()) {
      stopped = { why: LOST, from: seq }
      return KEPT
    }
    const line: OutsideLine = { bytes: write(fact), seq, at: 'nowhere' }
    if (!add(line, fact.type === 'step.output') && fact.type === 'step.output') {
      outside.pop()
      add({ bytes: write(shorten(fact)), seq, at: 'nowhere' }, false)
    }
    if (fact.type === 'step.started') changes = fact.risk !== 'read'
    if (mustLast(fact, changes)) return sync()
    // One at a time is enough for what nobody waits for.
    if (fact.type !== 'step.output' && !syncing) {
      syncing = true
      void sync().finally(() => {
        syncing = false
      })
    }
    return KEPT
  })
  if (outside.length > 0) makeGood()
  return {
    run,
    get keeping(): Keeping {
      if (stopped !== undefined) return { at: 'nowhere', ...stopped }
      const lost = outside.find(({ at }) => at === 'nowhere')
      if (lost) return { at: 'nowhere', why, from: lost.seq, to: outside.at(-1)?.seq ?? lost.seq }
      if (unsynced !== undefined) return { at: 'ledger', why: unsynced }
      if (outside.length === 0) return { at: 'ledger' }
      return rest ? { at: 'elsewhere', why, file: rest.path } : { at: 'reserve', why }
    },
    append: chain.append,
    head: chain.head,
    async close() {
      if (!open) return
      open = false
      if (outside.length > 0 && stopped === undefined) {
        makeGood()
        for (const line of outside) if (line.at === 'nowhere') putOutside(line, false)
        void sync()
      }
      await Promise.all(last)
      reserve?.close()
      rest?.close()
      if (file !== undefined) await promisify(close)(file)
    },
  }
}

/** Appends to a file all or nothing. Gives its new length. Throws when there is no room. */
function appendWhole(file: number, bytes: Buffer, length: number): number {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    return length + bytes.length
  } catch (error) {
    try {
      ftruncateSync(file, length)
    } catch {
      // Then the ledger ends with half a line, and its reader sees that.
    }
    throw error
  }
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

/** Numbers and chains facts. `keep` is given what makes a line of a fact, or of what is kept in its place; the last one made counts. */
function createChain(
  run: string,
  before: Pick<Before, 'seq' | 'head'>,
  now: () => Date,
  keep: (write: (fact: RunFact) => Buffer, fact: RunFact, seq: number) => Promise<void>,
) {
  let { seq, head: chain } = before
  return {
    append(fact: RunFact) {
      seq += 1
      const time = now().toISOString()
      const event: RunEvent = { seq, time, run, ...fact }
      const head = chain
      const write = (kept: RunFact) => {
        const line = JSON.stringify({ seq, time, run, ...kept })
        chain = chainHash(head, line)
        return Buffer.from(`${line.slice(0, -1)},"chain":"${chain}"}\n`)
      }
      return { event, kept: keep(write, fact, seq) }
    },
    head: () => chain,
  }
}

/** What is kept of output that there is no room for: that it was there. */
function shorten({ text, ...fact }: Extract<RunFact, { type: 'step.output' }>): RunFact {
  return { ...fact, text: '', unkept: Buffer.byteLength(text) }
}

/**
 * Whether a fact must have reached the disk before the run goes on: a step that changes something is about to begin, or has ended, or
 * all has. One that only reads is simply repeated.
 */
function mustLast({ type }: RunFact, changes: boolean): boolean {
  return type === 'run.finished' || (changes && (type === 'step.started' || type === 'step.finished'))
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
