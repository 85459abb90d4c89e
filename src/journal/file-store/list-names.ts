import { readdirSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Places } from './places.ts'

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
    // The time of a folder that was written just now would be the same if it were written once more.
    if (Math.abs(Date.now() - mtimeMs) > COARSEST) remembered.set(places, { mtimeMs, ino, names })
    return names
  } catch {
    return []
  }
}

const remembered = new WeakMap<Places, { mtimeMs: number; ino: number; names: readonly string[] }>()

/** Milliseconds: no file system's times are coarser. */
const COARSEST = 2500

/**
 * The newest names in the folder of runs but one, newest first; a folder that is not there has none. A run's first step waits for them,
 * and there may be ten thousand: they are read while the run is begun, and only the newest are sorted. Rejects when the folder cannot be
 * read.
 */
export async function readNewest({ runs }: Places, count: number, but?: string): Promise<readonly string[]> {
  const newest: string[] = []
  let last = ''
  for (const name of await readFolder(runs)) {
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
