import { readFile } from 'node:fs/promises'
import type { RunEvent } from '../event.ts'
import { chainHash } from './chain-hash.ts'

const CHAIN = /,"chain":"([0-9a-f]{64})"\}$/

/** What a ledger holds, as far as it is what was written. */
export interface LedgerContent {
  readonly events: readonly RunEvent[]
  /** The hash that the chain ends with. */
  readonly head: string
  /** The first line that is not what was written, counted from 1. */
  readonly badLine?: number
  /** Whether that is half a line at the end. */
  readonly torn?: true
  /** How many bytes the good lines have. */
  readonly length: number
}

/** Reads a ledger and verifies its chain. Rejects when there is none. */
export async function readLedger(path: string): Promise<LedgerContent> {
  return verifyLedger(await readFile(path))
}

/** Verifies a ledger's bytes, or those that follow what was verified before. */
export function verifyLedger(bytes: Buffer, before = { seq: 0, head: '' }): LedgerContent {
  const lines = bytes.toString('utf8').split('\n')
  const events: RunEvent[] = []
  let { head } = before
  let length = 0
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break
    const torn = index === lines.length - 1
    const chain = CHAIN.exec(line)?.[1]
    const written = line.replace(CHAIN, '}')
    if (chain === undefined || chainHash(head, written) !== chain) {
      return { events, head, length, badLine: before.seq + index + 1, ...(torn ? { torn } : {}) }
    }
    events.push(JSON.parse(written))
    head = chain
    length += Buffer.byteLength(line) + 1
  }
  return { events, head, length }
}
