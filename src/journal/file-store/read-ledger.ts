import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../event.ts'

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
function verifyLedger(bytes: Buffer, before = { seq: 0, head: '' }): LedgerContent {
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

/** The hash of a line of the ledger: of the hash before it and of the event as it was written. */
export function chainHash(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}

/** Milliseconds between two looks: no file system on which folders are shared tells of a change by itself. */
const LOOK_EVERY = 100

/** Follows a ledger that another process writes, until the run's end. Throws for a line that its runner did not write. */
export async function* watchRun(path: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let seq = 0
  let head = ''
  let length = 0
  while (!signal.aborted) {
    const content = verifyLedger(await readFrom(path, length), { seq, head })
    for (const event of content.events) {
      yield event
      // An end that something follows was one for the time being: the run was resumed.
      if (signal.aborted || (event.type === 'run.finished' && event === content.events.at(-1))) return
    }
    // Half a line is one that is being written.
    if (content.badLine !== undefined && !content.torn)
      throw new Error(`line ${content.badLine} of the ledger was changed`)
    seq += content.events.length
    head = content.head
    length += content.length
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
  }
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - position)), 0, undefined, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
