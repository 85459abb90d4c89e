import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent } from '../journal/index.ts'
import { chainHash, LEDGER_FILE } from './ledger.ts'

/** What a ledger holds. */
export interface LedgerContent {
  readonly events: readonly RunEvent[]
  /** The hash that the chain ends with. */
  readonly head: string
  /** The first line that is not what was written, counted from 1. Events from there on are left out. */
  readonly badLine?: number
}

const CHAIN = /,"chain":"([0-9a-f]{64})"\}$/

/** Reads a run's ledger and verifies its chain. Rejects when there is none. */
export async function readLedger(folder: string): Promise<LedgerContent> {
  const lines = (await readFile(join(folder, LEDGER_FILE), 'utf8')).split('\n')
  const events: RunEvent[] = []
  let head = ''
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break
    const chain = CHAIN.exec(line)?.[1]
    const written = line.replace(CHAIN, '}')
    if (chain === undefined || chainHash(head, written) !== chain) return { events, head, badLine: index + 1 }
    events.push(JSON.parse(written))
    head = chain
  }
  return { events, head }
}
