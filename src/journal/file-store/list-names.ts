import { readdirSync, statSync } from 'node:fs'
import type { Places } from './places.ts'

/** The names of everything in the folder of runs, newest first. A folder that cannot be read has none. */
export async function listNames(places: Places): Promise<readonly string[]> {
  return readNames(places).catch(() => [])
}

/**
 * The names of everything in the folder of runs, newest first; one that is not there has none. Rejects when it cannot be read. The start
 * of a run asks three times, and there may be ten thousand: they are read again only when the folder was written since. They are read at
 * once: what goes by the pool of threads comes milliseconds later, and the first step waits for it.
 */
export async function readNames(places: Places): Promise<readonly string[]> {
  const { runs } = places
  try {
    const { mtimeMs, ino } = statSync(runs)
    const before = remembered.get(places)
    if (before?.mtimeMs === mtimeMs && before.ino === ino) return before.names
    const names = readdirSync(runs).toSorted().reverse()
    // The time of a folder that was written just now would be the same if it were written once more.
    if (Math.abs(Date.now() - mtimeMs) > COARSEST) remembered.set(places, { mtimeMs, ino, names })
    return names
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

const remembered = new WeakMap<Places, { mtimeMs: number; ino: number; names: readonly string[] }>()

/** Milliseconds: no file system's times are coarser. */
const COARSEST = 2500
