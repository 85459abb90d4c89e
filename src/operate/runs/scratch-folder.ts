import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from '../../base/index.ts'
import type { Actor } from '../../journal/index.ts'

/** A folder in memory, which leaves nothing on a disk. */
const MEMORY = '/dev/shm'
/** The bytes that must be free there: what steps hand over may be large, and what is full there is memory that others lack. */
const ROOM = 256 << 20

/**
 * A new folder for what the blocks of a run hand over, secrets and all: in memory where there is that room, in bytes, else wherever one can be made.
 * Throws when nowhere can.
 */
export function makeScratch(run: string, cwd: string, by: Actor, room = ROOM): string {
  const places = listPlaces(cwd)
  const failures: unknown[] = []
  for (const place of hasRoom(room) ? [MEMORY, ...places] : places) {
    let folder: string | undefined
    try {
      folder = mkdtempSync(join(place, `${place === cwd ? '.' : ''}${PREFIX}${run}-`))
      writeFileSync(join(folder, OWNER), JSON.stringify(describeOwner(by)))
      return folder
    } catch (error) {
      if (folder !== undefined) remove(folder)
      // Full or read-only: the next one.
      failures.push(error)
    }
  }
  throw failures.at(-1)
}

/** Removes what killed runs left. It can wait for a run's end: in a large folder it takes longer than to begin a step. */
export function sweepScratch(cwd: string): void {
  for (const place of listPlaces(cwd)) sweep(place)
}

/** Removes what a killed run left, as far as it is ours: steps may have handed over what nobody must keep. */
export function removeScratch(run: string, cwd: string): void {
  for (const place of listPlaces(cwd)) for (const folder of list(place, `${PREFIX}${run}-`)) remove(folder)
}

const PREFIX = 'handbook-run-'
/** The file that says whose a folder is. */
const OWNER = 'owner.json'

function listPlaces(cwd: string): string[] {
  return [...new Set([tmpdir(), MEMORY, '/var/tmp', homedir(), cwd])]
}

function hasRoom(room: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= room
  } catch {
    return false
  }
}

/** Removes the folders of runs whose runner is proven gone. */
function sweep(place: string): void {
  for (const folder of list(place, PREFIX)) {
    try {
      const { host, space, ...owner } = JSON.parse(readFileSync(join(folder, OWNER), 'utf8'))
      if (host === hostname() && space === nameProcessSpace() && typeof owner.start === 'string' && !isRunning(owner))
        remove(folder)
    } catch {
      // Somebody else's, or being made: it is left alone.
    }
  }
}

/** A runner, and where its number means it: containers may share a folder, and not their processes. */
function describeOwner({ pid, start }: Actor) {
  return { pid, start, host: hostname(), space: nameProcessSpace() }
}

function nameProcessSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function list(place: string, beginning: string): string[] {
  try {
    return readdirSync(place).flatMap(name =>
      name.startsWith(beginning) || name.startsWith(`.${beginning}`) ? [join(place, name)] : [],
    )
  } catch {
    return []
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Somebody else's run: they can remove it.
  }
}
