import { close, closeSync, fdatasync, fstatSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { RunFact } from '../event.ts'
import type { Keeping, RunWriter } from '../run-writer.ts'
import { type ChainEnd, createChain } from './chain.ts'
import { demandRoom, type OutsideLine, openOverflow } from './overflow.ts'
import type { LedgerFiles } from './places.ts'
import type { LedgerContent } from './read-ledger.ts'
import { type ReserveSize, takeReserve } from './reserve.ts'
import { APPENDS, shareFile } from './share.ts'

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
  shareFile(files.ledger)
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
    seq: content.seq,
    head: content.head,
    length: content.own.length,
    outside: content.outside,
  }
  const cut = content.torn || content.outside.length > 0
  let file: number | undefined
  try {
    file = openSync(files.ledger, APPENDS)
    if (cut) ftruncateSync(file, content.own.length)
  } catch (error) {
    demandRoom(files, error)
  }
  return writeLedger(file, files, before, options)
}

const KEPT = Promise.resolve()
const LOST = 'another process took this run over, because this one did not renew its lease for too long'

/** So many lines of output reach the disk together. */
const UNSURE = 100

interface Before extends ChainEnd {
  readonly length: number
  readonly outside: readonly string[]
}

/**
 * Writes each line at once to the ledger's file. If that takes none, it goes over the room that the run has reserved, or to a file on
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
  let stopped: { readonly why: string; readonly from: number; readonly to?: number } | undefined
  let unsynced: string | undefined
  let why = 'it cannot be opened'
  let syncing = false
  const overflow = openOverflow(files, before)
  const last = new Set<Promise<void>>()
  /** Lines in the ledger's file that were not seen to reach the disk. */
  let unsure: OutsideLine[] = []
  const flush = async () => {
    const meant = unsure
    unsure = []
    try {
      if (file !== undefined && meant.length > 0) await promisify(fdatasync)(file)
    } catch (error) {
      // A disk that is read-only by now may have lost them.
      if (!overflow.copy(meant)) unsynced ??= describe(error)
    }
    await Promise.all(overflow.listFiles().map(number => promisify(fdatasync)(number))).catch(error => {
      unsynced ??= describe(error)
    })
  }
  const sync = () => {
    const done: Promise<void> = flush().finally(() => last.delete(done))
    last.add(done)
    return done
  }
  /** Writes into the ledger's file what stands outside, as far as there is room. */
  const makeGood = () => {
    try {
      overflow.drain(line => {
        file ??= openSync(files.ledger, APPENDS)
        length = appendWhole(file, line.bytes, length)
        unsure.push(line)
      })
    } catch (error) {
      why = describe(error)
    }
  }
  /** Whether a line is on a disk now. */
  const add = (line: OutsideLine, isOutput: boolean) => {
    overflow.add(line)
    makeGood()
    overflow.save(one => one === line && isOutput)
    return overflow.isEmpty() || line.at !== 'nowhere'
  }
  const chain = createChain(run, before, now, (write, fact, seq) => {
    if (stopped !== undefined) {
      if (stopped.to !== undefined) stopped = { ...stopped, to: seq }
      return KEPT
    }
    // Two who write one ledger would leave one that nobody trusts.
    if (isLost?.()) {
      stopped = { why: LOST, from: seq }
      return KEPT
    }
    if (fact.type === 'step.started') changes = fact.risk !== 'read'
    const isFirm = mustLast(fact, changes)
    // What is written to a file that somebody removed, nobody reads.
    if (isFirm && isRemoved(files.ledger, file)) {
      stopped = { why: `${files.ledger} is not the file any more that this run writes`, from: 1, to: seq }
      return KEPT
    }
    const line: OutsideLine = { bytes: write(fact), seq, at: 'nowhere' }
    if (!add(line, fact.type === 'step.output') && fact.type === 'step.output') {
      overflow.takeBack()
      add({ bytes: write(shorten(fact)), seq, at: 'nowhere' }, false)
    }
    if (isFirm) return sync()
    // One at a time is enough for what nobody waits for.
    if ((fact.type !== 'step.output' || unsure.length > UNSURE) && !syncing) {
      syncing = true
      void sync().finally(() => {
        syncing = false
      })
    }
    return KEPT
  })
  if (!overflow.isEmpty()) makeGood()
  return {
    run,
    get keeping(): Keeping {
      if (stopped !== undefined) return { at: 'nowhere', ...stopped }
      const keeping: Keeping = overflow.isEmpty() ? { at: 'ledger' } : overflow.describe(why)
      return unsynced === undefined || keeping.at === 'nowhere' ? keeping : { at: 'ledger', why: unsynced }
    },
    append: chain.append,
    head: chain.head,
    async close() {
      if (!open) return
      open = false
      if (!overflow.isEmpty() && stopped === undefined) {
        makeGood()
        overflow.save(() => false)
        void sync()
      }
      await Promise.all(last)
      overflow.close()
      if (file !== undefined) await promisify(close)(file)
    },
  }
}

/** Whether a path does not lead to an open file any more. */
function isRemoved(path: string, file: number | undefined): boolean {
  try {
    return file !== undefined && statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(file).ino
  } catch {
    return false
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

/** What is kept of output that there is no room for: that it was there. */
function shorten({ text, ...fact }: Extract<RunFact, { type: 'step.output' }>): RunFact {
  return { ...fact, text: '', unkept: Buffer.byteLength(text) }
}

/**
 * Whether a fact must have reached the disk before the run goes on. This is so when a step that changes something is about to begin or
 * has ended, and at the run's end. One that only reads is simply repeated.
 */
function mustLast({ type }: RunFact, changes: boolean): boolean {
  return type === 'run.finished' || (changes && (type === 'step.started' || type === 'step.finished'))
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
