import { close, fdatasync, ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { RunEvent, RunFact } from '../event.ts'
import type { RunWriter } from '../run-store.ts'
import { chainHash, type LedgerContent } from './read-ledger.ts'

/** The part of a run's writer that keeps its events. */
export type LedgerWriter = Pick<RunWriter, 'run' | 'problem' | 'append' | 'head' | 'close'>

/** What a ledger is written with. */
interface LedgerOptions {
  readonly run: string
  readonly now: () => Date
  /** Whether another process has the run by now. */
  readonly isLost?: (() => boolean) | undefined
}

/** Opens a new ledger. Throws when there is one already, or when it cannot be written. */
export function openLedger(path: string, { run, now, isLost }: LedgerOptions): LedgerWriter {
  return writeLedger(openSync(path, 'ax', 0o600), NOTHING, { run, now, isLost })
}

/** Opens the ledger of a run that is resumed. Half a line at its end is cut off. Throws when it cannot be written. */
export function reopenLedger(path: string, content: LedgerContent, options: LedgerOptions): LedgerWriter {
  if (content.torn) truncateSync(path, content.length)
  const before = { seq: content.events.length, head: content.head, length: content.length }
  return writeLedger(openSync(path, 'a'), before, options)
}

/** A ledger that keeps nothing, for where nothing can be written. */
export function openNoLedger(run: string, now: () => Date): LedgerWriter {
  const { append, head } = createChain(run, NOTHING, now, () => KEPT)
  return { run, append, head, close: () => KEPT }
}

const NOTHING = { seq: 0, head: '', length: 0 }
const KEPT = Promise.resolve()

function writeLedger(file: number, before: typeof NOTHING, { run, now, isLost }: LedgerOptions): LedgerWriter {
  let { length } = before
  let open = true
  let changes = false
  let unsynced: string | undefined
  let syncing = false
  const last = new Set<Promise<void>>()
  const sync = () => {
    const done: Promise<void> = promisify(fdatasync)(file)
      .catch(error => {
        unsynced ??= describe(error)
      })
      .finally(() => last.delete(done))
    last.add(done)
    return done
  }
  const chain = createChain(run, before, now, (line, fact) => {
    if (unsynced !== undefined) return unsynced
    // Two who write one ledger would leave one that nobody trusts.
    if (isLost?.()) return 'another process took this run over, because this one did not renew its lease for too long'
    try {
      // Written here and now, so that a ledger has what others have been told of, in that order, whenever its runner is killed.
      const bytes = Buffer.from(line)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      length += bytes.length
    } catch (error) {
      truncate(file, length)
      return describe(error)
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
  return {
    run,
    get problem() {
      return chain.problem() ?? unsynced
    },
    append: chain.append,
    head: chain.head,
    async close() {
      if (!open) return
      open = false
      await Promise.all(last)
      await promisify(close)(file)
    },
  }
}

/** Numbers and chains facts, and writes each line until that goes wrong for the first time: `write` says why, as a text. */
function createChain(
  run: string,
  before: typeof NOTHING,
  now: () => Date,
  write: (line: string, fact: RunFact) => string | Promise<void>,
) {
  let { seq, head: chain } = before
  let problem: string | undefined
  return {
    append(fact: RunFact) {
      seq += 1
      const event: RunEvent = { seq, time: now().toISOString(), run, ...fact }
      if (problem !== undefined) return { event, kept: KEPT }
      const line = JSON.stringify(event)
      const next = chainHash(chain, line)
      const written = write(`${line.slice(0, -1)},"chain":"${next}"}\n`, fact)
      if (typeof written === 'string') {
        problem = written
        return { event, kept: KEPT }
      }
      chain = next
      return { event, kept: written }
    },
    head: () => chain,
    problem: () => problem,
  }
}

/**
 * Whether a fact must have reached the disk before the run goes on: a step that changes something is about to begin, or has ended, or
 * all has. One that only reads is simply repeated.
 */
function mustLast({ type }: RunFact, changes: boolean): boolean {
  return type === 'run.finished' || (changes && (type === 'step.started' || type === 'step.finished'))
}

/** Takes half a line back. */
function truncate(file: number, length: number): void {
  try {
    ftruncateSync(file, length)
  } catch {
    // Then the ledger ends with a line that its reader refuses.
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
