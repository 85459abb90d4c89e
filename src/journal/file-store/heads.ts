import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent, RunHead } from '../event.ts'
import type { HeldHead } from '../run-store.ts'
import { listNames } from './list-runs.ts'
import type { Places } from './places.ts'

/** How many runs before it a new run remembers: as many may begin at once, and still each is remembered by a later one. */
const REMEMBERED = 8
/** Of so many runs after a run it is asked whether they remember it. */
const ASKED = 4 * REMEMBERED
/** Bytes from a ledger's end in which its last whole line is looked for. */
const TAIL = 64 * 1024

const LAST = /,"chain":"([0-9a-f]{64})"\}\n/g

/** The newest runs with the heads of their ledgers as they are now. If a ledger cannot be read, its run is named without a head. */
export async function readHeads(places: Places): Promise<RunHead[]> {
  const names = (await listNames(places)).slice(0, REMEMBERED)
  return Promise.all(
    names.map(async run => {
      const head = await readEnd(join(places.run(run), 'ledger.ndjson')).catch(() => undefined)
      return head === undefined ? { run } : { run, head }
    }),
  )
}

/** What the runs after a run remember of it, the oldest of them first. */
export async function findHeld(places: Places, run: string): Promise<HeldHead[]> {
  const later = (await listNames(places)).filter(name => name > run).reverse()
  const held = await Promise.all(
    later.slice(0, ASKED).map(async (name): Promise<HeldHead[]> => {
      const start = await readStart(join(places.run(name), 'ledger.ndjson')).catch(() => undefined)
      if (start?.type !== 'run.started' || start.run !== name || start.after === undefined) return []
      const { after, time, by } = start
      const mine = after.find(other => other.run === run)
      const reaches = after.length < REMEMBERED || after.some(other => other.run < run)
      if (!mine && !reaches) return []
      return [{ by: name, time, host: by.host, known: mine !== undefined, ...(mine?.head ? { head: mine.head } : {}) }]
    }),
  )
  return held.flat()
}

async function readEnd(path: string): Promise<string | undefined> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - TAIL)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, undefined, from)
    return [...buffer.toString('latin1', 0, bytesRead).matchAll(LAST)].at(-1)?.[1]
  } finally {
    await file.close()
  }
}

async function readStart(path: string): Promise<RunEvent | undefined> {
  const file = await open(path, 'r')
  try {
    for await (const line of file.readLines()) return JSON.parse(line)
    return undefined
  } finally {
    await file.close()
  }
}
