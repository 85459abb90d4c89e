import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../event.ts'
import { verifyLedger } from './read-ledger.ts'

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
