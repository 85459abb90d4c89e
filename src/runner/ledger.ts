import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent, RunFact } from '../journal/index.ts'

/** What remembers a run: a file here, a database for teams later. */
export interface Ledger {
  readonly run: string
  /** The run's folder, for what it keeps beside the ledger. */
  readonly folder: string
  /** Numbers, dates and keeps a fact. It is on disk when this returns; output is with the next fact that is not output. */
  append(fact: RunFact): RunEvent
  /** The hash that the chain ends with: it stands for everything before it. */
  head(): string
  close(): void
}

/** The file's name in a run's folder. */
export const LEDGER_FILE = 'ledger.ndjson'

/** Opens a new ledger in `<runs>/<run>`. Throws when there is one already, or when it cannot be written. */
export function openLedger(runs: string, run: string, now: () => Date): Ledger {
  const folder = join(runs, run)
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, LEDGER_FILE), 'ax', 0o600)
  let seq = 0
  let chain = ''
  return {
    run,
    folder,
    append(fact) {
      seq += 1
      const event: RunEvent = { seq, time: now().toISOString(), run, ...fact }
      const line = JSON.stringify(event)
      chain = chainHash(chain, line)
      writeSync(file, `${line.slice(0, -1)},"chain":"${chain}"}\n`)
      if (fact.type !== 'step.output') fdatasyncSync(file)
      return event
    },
    head: () => chain,
    close: () => closeSync(file),
  }
}

/** The hash of a line of the ledger: of the hash before it and of the event as it was written. */
export function chainHash(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}
