import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { draftOf, type Places } from './places.ts'
import { shareFile } from './share.ts'

/**
 * The names of everything in the folder of runs, newest first; one that cannot be read has none. A run asks twice, and there may be ten
 * thousand: they are read again only when the folder was written since.
 */
export async function listNames(places: Places): Promise<readonly string[]> {
  const { runs } = places
  try {
    const { mtimeMs, ino } = statSync(runs)
    const before = remembered.get(places)
    if (before?.mtimeMs === mtimeMs && before.ino === ino) return before.names
    const names = readdirSync(runs).toSorted().reverse()
    if (isSettled(mtimeMs)) {
      remembered.set(places, { mtimeMs, ino, names })
      note(places, { mtimeMs, ino, names: names.slice(0, NOTED) })
    }
    return names
  } catch {
    return []
  }
}

/** The names in a folder, newest first, and how it looked just before they were read. */
interface Listing {
  readonly mtimeMs: number
  readonly ino: number
  readonly names: readonly string[]
}

const remembered = new WeakMap<Places, Listing>()

/** Whether a folder that has this time had it long enough: one that was written just now would have the same if it were written once more. */
function isSettled(mtimeMs: number): boolean {
  return Math.abs(Date.now() - mtimeMs) > (mtimeMs % 1000 === 0 ? COARSE : FINE)
}

/** Milliseconds: no file system's times are coarser than the one, and none that tells parts of a second than the other. */
const COARSE = 2500
const FINE = 20

/** So many of the newest names are noted. */
const NOTED = 32

/** Notes the newest names for the next run. Without a note it reads them all. */
function note({ newest }: Places, { mtimeMs, ino, names }: Listing): void {
  const text = `${[`${ino} ${mtimeMs}`, ...names].join('\n')}\n`
  try {
    if (readFileSync(newest, 'utf8') === text) return
  } catch {
    // It is not there yet.
  }
  const draft = draftOf(newest)
  try {
    writeFileSync(draft, text)
    renameSync(shareFile(draft), newest)
  } catch {
    rmSync(draft, { force: true })
  }
}

/** What is noted of the folder, when it looks as it did then. */
function readNote({ runs, newest }: Places): readonly string[] | undefined {
  try {
    const { ino, mtimeMs } = statSync(runs)
    const [head, ...names] = readFileSync(newest, 'utf8').split('\n')
    return head === `${ino} ${mtimeMs}` && names.pop() === '' ? names : undefined
  } catch {
    return undefined
  }
}

/**
 * The newest names in the folder of runs but one, newest first, at most half of as many as are noted; a folder that is not there has none. A
 * run's first step waits for them, and there may be ten thousand: when no note tells them, they are read while the run is begun, and only the
 * newest are sorted. Rejects when the folder cannot be read.
 */
export async function readNewest(places: Places, count: number, but?: string): Promise<readonly string[]> {
  const newest: string[] = []
  let last = ''
  for (const name of readNote(places) ?? (await readFolder(places.runs))) {
    if (name < last || name === but) continue
    const place = newest.findIndex(other => other < name)
    newest.splice(place < 0 ? newest.length : place, 0, name)
    if (newest.length > count) newest.pop()
    if (newest.length === count) last = newest.at(-1) ?? ''
  }
  return newest
}

async function readFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
