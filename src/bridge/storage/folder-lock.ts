import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { errorCode, isMissing } from './error-code.ts'
import { giveToFolderOwner } from './ownership.ts'

// The work under a lock takes milliseconds. A lock of this age (in milliseconds) was left by a process that was killed.
const staleAfter = 10_000

/**
 * Takes a lock for a short piece of work: a folder, because only one process can make it. Returns false while another process has it. The
 * lock of a killed process is removed, so that the next try succeeds. Throws the errors of the file system.
 */
export function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock)
    giveToFolderOwner(lock)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    if (isStale(lock)) releaseLock(lock)
    return false
  }
}

/** Gives back a lock; harmless when it is gone. */
export function releaseLock(lock: string): void {
  try {
    rmdirSync(lock)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

function isStale(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false })
  return found !== undefined && Date.now() - found.mtimeMs > staleAfter
}
