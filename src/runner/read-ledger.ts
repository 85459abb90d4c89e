import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent } from '../journal/index.ts'
import { chainHash, LEDGER_FILE, type LedgerContent } from './ledger.ts'

const CHAIN = /,"chain":"([0-9a-f]{64})"\}$/

/** Reads a run's ledger and verifies its chain. Rejects when there is none. */
export async function readLedger(folder: string): Promise<LedgerContent> {
  const lines = (await readFile(join(folder, LEDGER_FILE), 'utf8')).split('\n')
  const events: RunEvent[] = []
  let head = ''
  let length = 0
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break
    const torn = index === lines.length - 1
    const chain = CHAIN.exec(line)?.[1]
    const written = line.replace(CHAIN, '}')
    if (chain === undefined || chainHash(head, written) !== chain) {
      return { events, head, length, badLine: index + 1, ...(torn ? { torn } : {}) }
    }
    events.push(JSON.parse(written))
    head = chain
    length += Buffer.byteLength(line) + 1
  }
  return { events, head, length }
}
