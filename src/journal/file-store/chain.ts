import { createHash } from 'node:crypto'
import type { RunEvent, RunFact } from '../event.ts'
import { describeUnknown, isKnownEvent } from '../event-shape.ts'

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
  /** The number of the last good line in the whole ledger. */
  readonly seq: number
  /** How many bytes the good lines have. */
  readonly length: number
  /** The first line that is not what was written, counted from 1 in the whole ledger. */
  readonly badLine?: number
  /** Whether that is half a line at the end. */
  readonly torn?: true
  /** Why this version cannot read what was written, from the event on that follows the last one here. */
  readonly newer?: string
}

/**
 * Reads lines that follow what was verified before, as far as each has the hash that its chain asks for, and the number that follows.
 * A good line that this version does not know ends the events, and not the chain.
 */
export function verifyLines(text: string, before: ChainEnd = BEGINNING): VerifiedLines {
  const lines = text.split('\n')
  const events: RunEvent[] = []
  let { head, seq } = before
  let length = 0
  let newer: string | undefined
  const tell = () => ({ events, head, seq, length, ...(newer === undefined ? {} : { newer }) })
  for (const [index, line] of lines.entries()) {
    if (line === '' && index === lines.length - 1) break
    const torn = index === lines.length - 1
    const chain = CHAIN.exec(line)?.[1]
    const written = line.replace(CHAIN, '}')
    const event = torn || chain === undefined || hashLine(head, written) !== chain ? undefined : parse(written)
    if (chain === undefined || event === undefined || readNumber(event) !== seq + 1)
      return { ...tell(), badLine: seq + 1, ...(torn ? { torn } : {}) }
    seq += 1
    head = chain
    length += Buffer.byteLength(line) + 1
    if (newer !== undefined) continue
    if (isKnownEvent(event)) events.push(event)
    else newer = describeUnknown(seq, event)
  }
  return tell()
}

/** An event as JSON; nothing when it is none. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function readNumber(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'seq' in event ? event.seq : undefined
}

const CHAIN = /,"chain":"([0-9a-f]{64})"\}$/

/** The hash of a line: of the hash before it, and of the event as it was written. */
export function hashLine(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}
