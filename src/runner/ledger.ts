import { createHash } from 'node:crypto'
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { RunEvent, RunFact } from '../journal/index.ts'

/** What remembers a run: a file here, a database for teams later. */
export interface Ledger {
  readonly run: string
  /** The run's folder, for what it keeps beside the ledger. */
  readonly folder: string
  /** Why nothing is kept any more, if so. */
  readonly problem?: string | undefined
  /**
   * Numbers, dates and keeps a fact. It is written when this returns, and on disk if it is one that a change or the run's end
   * is judged by; others get there within moments. Never throws: a run goes on without its ledger.
   */
  append(fact: RunFact): RunEvent
  /** The hash that the chain ends with: it stands for everything before it. */
  head(): string
  close(): void
}

/** What a ledger holds. */
export interface LedgerContent {
  readonly events: readonly RunEvent[]
  /** The hash that the chain ends with. */
  readonly head: string
  /** The first line that is not what was written, counted from 1. Events from there on are left out. */
  readonly badLine?: number
  /** Whether that is half a line at the end: the runner was ended while it wrote it. */
  readonly torn?: true
  /** How many bytes the good lines have. */
  readonly length: number
}

/** The file's name in a run's folder. */
export const LEDGER_FILE = 'ledger.ndjson'

/** Opens a new ledger in `<runs>/<run>`. Throws when there is one already, or when it cannot be written. */
export function openLedger(runs: string, run: string, now: () => Date): Ledger {
  const folder = join(runs, run)
  mkdirSync(folder, { recursive: true })
  return writeLedger(run, folder, openSync(join(folder, LEDGER_FILE), 'ax', 0o600), NOTHING, now)
}

/** Opens the ledger of a run that is gone on with. Half a line at its end is cut off. Throws when it cannot be written. */
export function reopenLedger(folder: string, content: LedgerContent, now: () => Date): Ledger {
  const path = join(folder, LEDGER_FILE)
  if (content.torn) truncateSync(path, content.length)
  const before = { seq: content.events.length, head: content.head, length: content.length }
  return writeLedger(basename(folder), folder, openSync(path, 'a'), before, now)
}

const NOTHING = { seq: 0, head: '', length: 0 }

function writeLedger(run: string, folder: string, file: number, before: typeof NOTHING, now: () => Date): Ledger {
  let { length } = before
  let open = true
  let syncing = false
  let changes = false
  const sync = () => {
    if (syncing) return
    syncing = true
    fdatasync(file, () => {
      syncing = false
    })
  }
  const chain = createChain(run, before, now, (line, fact) => {
    try {
      const bytes = Buffer.from(line)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      length += bytes.length
      if (fact.type === 'step.started') changes = fact.risk !== 'read'
      if (mustLast(fact, changes)) fdatasyncSync(file)
      else if (fact.type !== 'step.output') sync()
      return undefined
    } catch (error) {
      truncate(file, length)
      return error instanceof Error ? error.message : String(error)
    }
  })
  return {
    run,
    folder,
    get problem() {
      return chain.problem()
    },
    append: chain.append,
    head: chain.head,
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

/** A ledger that keeps nothing, for where nothing can be written. Files that steps keep go to `folder`. */
export function openNoLedger(folder: string, run: string, now: () => Date): Ledger {
  const { append, head } = createChain(run, NOTHING, now, () => undefined)
  return { run, folder, append, head, close() {} }
}

/** The hash of a line of the ledger: of the hash before it and of the event as it was written. */
export function chainHash(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}

/** Numbers and chains facts, and writes each line until that goes wrong for the first time. */
function createChain(
  run: string,
  before: typeof NOTHING,
  now: () => Date,
  write: (line: string, fact: RunFact) => string | undefined,
) {
  let { seq, head: chain } = before
  let problem: string | undefined
  return {
    append(fact: RunFact): RunEvent {
      seq += 1
      const event: RunEvent = { seq, time: now().toISOString(), run, ...fact }
      if (problem !== undefined) return event
      const line = JSON.stringify(event)
      const next = chainHash(chain, line)
      problem = write(`${line.slice(0, -1)},"chain":"${next}"}\n`, fact)
      if (problem === undefined) chain = next
      return event
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
