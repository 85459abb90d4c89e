import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent, RunHead } from '../event.ts'
import { isKnownEvent } from '../event-shape.ts'
import { readRunTime } from '../run-id.ts'
import type { HeldHead, MissingRun } from '../run-store.ts'
import { listNames, readNewest } from './list-names.ts'
import type { Places } from './places.ts'

/** How many runs before it a new run remembers: as many may begin at once, and still each is remembered by a later one. */
export const REMEMBERED = 8
/** Of so many runs on either side of a run it is asked whether they remember it. */
const ASKED = 4 * REMEMBERED
/** So many files are open at once. */
const AT_ONCE = 64
/** Bytes from a ledger's end in which its last whole line is looked for. */
const TAIL = 64 * 1024

/** The last whole line: its number, and the hash that it ends with. */
const LAST = /(?:^|\n)\{"seq":(\d+),[^\n]*,"chain":"([0-9a-f]{64})"\}\n[^\n]*$/

/**
 * The newest runs but one, with the heads of their ledgers as they are now. If a ledger cannot be read, its run is named without a head. Rejects
 * when the folder cannot be read: that is not the same as an empty one.
 */
export async function readHeads(places: Places, but?: string): Promise<RunHead[]> {
  const newest = await readNewest(places, REMEMBERED, but)
  return newest.map(run => ({ run, ...readEnd(join(places.run(run), 'ledger.ndjson')) }))
}

/**
 * What other runs remember of a run, in the order of their names: those after it, and those before it, too, since the clock may have
 * been set back between them. That a run does not know it counts only where that had to: in the same folder, and when the run itself
 * was not begun by a clock behind that of a run before it.
 */
export async function findHeld(all: readonly Places[], run: string): Promise<HeldHead[]> {
  const listed = await Promise.all(all.map(async places => ({ places, names: await listNames(places) })))
  const own = listed.find(({ names }) => names.includes(run))?.places
  const others = listed
    .flatMap(({ places, names }) => names.map(name => ({ places, name })))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const at = others.findIndex(({ name }) => name >= run)
  const from = at < 0 ? others.length : at
  const near = others.slice(Math.max(0, from - ASKED), from + ASKED + 1).filter(({ name }) => name !== run)
  const mine = own && (await readStart(own, run))
  const isBehind = mine?.after?.some(other => other.run > run) ?? false
  const held = await Promise.all(
    near.map(async ({ places, name }): Promise<HeldHead[]> => {
      const start = await readStart(places, name)
      if (start?.after === undefined) return []
      const { after, by } = start
      const time = beginOf(name, start.time)
      const known = after.find(other => other.run === run)
      if (known) return [{ by: name, time, host: by.host, known: true, ...(known.head ? { head: known.head } : {}) }]
      const hadTo = name > run && places === own && !isBehind
      const reaches = after.length === 0 || after.some(other => other.run < run)
      return hadTo && reaches ? [{ by: name, time, host: by.host, known: false }] : []
    }),
  )
  return held.flat()
}

/** The runs of which others have a head, and of which nothing is there, not even a tombstone. */
export async function findMissing(
  all: readonly Places[],
  readTombstone: (places: Places, run: string) => Promise<unknown>,
): Promise<MissingRun[]> {
  const listed = await Promise.all(all.map(async places => ({ places, names: await listNames(places) })))
  const here = new Set(listed.flatMap(({ names }) => names))
  const missed = new Map<string, { by: string[]; head: string }>()
  for (const { places, names } of listed) {
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const starts = await Promise.all(names.slice(at, at + AT_ONCE).map(name => readStart(places, name)))
      for (const start of starts)
        for (const { run, head, folder } of start?.after ?? []) {
          // Where this account does not look it may be.
          const looked = folder === undefined || all.some(({ runs }) => runs === folder)
          if (head === undefined || here.has(run) || !looked) continue
          const one = missed.get(run) ?? { by: [], head }
          missed.set(run, { by: [...one.by, start?.run ?? ''], head })
        }
    }
  }
  const missing: MissingRun[] = []
  for (const [run, { by, head }] of missed) {
    const tombstones = await Promise.all(all.map(places => readTombstone(places, run)))
    if (tombstones.every(one => one === undefined)) missing.push({ run, by: by.toSorted(), head })
  }
  return missing.toSorted((a, b) => (a.run < b.run ? 1 : -1))
}

/** When a run began to look which runs are there: its id is made just before. */
function beginOf(run: string, time: string): string {
  const made = readRunTime(run)?.toISOString()
  return made !== undefined && made < time ? made : time
}

/** Synchronously: a run reads eight of them before its first step, and each wait would cost more than the reading. */
function readEnd(path: string): Required<Pick<RunHead, 'head' | 'seq'>> | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const from = Math.max(0, size - TAIL)
    const buffer = Buffer.alloc(size - from)
    const bytesRead = readSync(file, buffer, 0, buffer.length, from)
    const [, seq, head] = LAST.exec(buffer.toString('latin1', 0, bytesRead)) ?? []
    return seq === undefined || head === undefined ? undefined : { head, seq: Number(seq) }
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

type RunStarted = Extract<RunEvent, { type: 'run.started' }>

/** A run's first event, if its ledger begins with it. */
export async function readStart(places: Places, run: string): Promise<RunStarted | undefined> {
  try {
    const file = await open(join(places.run(run), 'ledger.ndjson'), 'r')
    try {
      for await (const line of file.readLines()) {
        const start: unknown = JSON.parse(line)
        return isKnownEvent(start) && start.type === 'run.started' && start.run === run ? start : undefined
      }
      return undefined
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}
