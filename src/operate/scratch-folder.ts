import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** A new folder for what the blocks of a run hand over, wherever one can be made. Throws when nowhere can. */
export function makeScratch(run: string, cwd: string): string {
  const places = listPlaces(run, cwd)
  const last = places.pop() ?? ''
  for (const place of places) {
    try {
      return mkdtempSync(place)
    } catch {
      // Full or read-only: the next one.
    }
  }
  return mkdtempSync(last)
}

/** Removes what a killed run left, as far as it is ours: steps may have handed over what nobody must keep. */
export function removeScratch(run: string, cwd: string): void {
  for (const place of listPlaces(run, cwd)) {
    for (const name of list(dirname(place)).filter(name => name.startsWith(basename(place)))) {
      try {
        rmSync(join(dirname(place), name), { recursive: true, force: true })
      } catch {
        // Somebody else's run: they can remove it.
      }
    }
  }
}

function listPlaces(run: string, cwd: string): string[] {
  const name = `handbook-run-${run}-`
  const folders = [tmpdir(), '/dev/shm', '/var/tmp', homedir()]
  return [...folders.map(folder => join(folder, name)), join(cwd, `.${name}`)]
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
