import { createHash } from 'node:crypto'
import type { RunEvent, RunFact } from '../event.ts'

/** Where a chain stands: the number of its last line, and that line's hash. */
export interface ChainEnd {
  readonly seq: number
  readonly head: string
}

const BEGINNING: ChainEnd = { seq: 0, head: '' }

/**
 * Numbers facts and chains their lines. `keep` gets what makes a line of a fact, or of what is kept in its place; the last line that
 * was made counts.
 */
export function createChain(
  run: string,
  before: ChainEnd,
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
        chain = hashLine(head, line)
        return Buffer.from(`${line.slice(0, -1)},"chain":"${chain}"}\n`)
      }
      return { event, kept: keep(write, fact, seq) }
    },
    head: () => chain,
  }
}

/** What some lines of a ledger hold, as far as they are what was written. */
export interface VerifiedLines {
  readonly events: readonly RunEvent[]
  /** The hash of the last good line. */
  readonly head: string
  /** How many bytes the good lines have. */
  readonly length: number
  /** The first line that is not what was written, counted from 1 in the whole ledger. */
  readonly badLine?: number
  /** Whether that is half a line at the end. */
  readonly torn?: true
}

/** Reads lines that follow what was verified before, as far as each has the hash that its chain asks for. */
export function verifyLines(text: string, before: ChainEnd = BEGINNING): VerifiedLines {
  const lines = text.split('\n')
  const events: RunEvent[] = []
  let { head } = before
  let length = 0
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break
    const torn = index === lines.length - 1
    const chain = CHAIN.exec(line)?.[1]
    const written = line.replace(CHAIN, '}')
    if (chain === undefined || hashLine(head, written) !== chain) {
      return { events, head, length, badLine: before.seq + index + 1, ...(torn ? { torn } : {}) }
    }
    events.push(JSON.parse(written))
    head = chain
    length += Buffer.byteLength(line) + 1
  }
  return { events, head, length }
}

const CHAIN = /,"chain":"([0-9a-f]{64})"\}$/

/** The hash of a line: of the hash before it, and of the event as it was written. */
function hashLine(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}
