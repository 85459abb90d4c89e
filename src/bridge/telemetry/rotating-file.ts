import { appendFileSync, closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../storage/error-code.ts'
import { releaseLock, takeLock } from '../storage/folder-lock.ts'
import { type Account, giveOwnership, makeFolder, OwnershipError, ownershipFor } from '../storage/ownership.ts'

/** A file that is only appended to and that rotates itself. */
export interface RotatingFile {
  readonly path: string
  /** Bytes after which the file becomes `PATH.1`, the one before `PATH.2`, and so on. */
  readonly maxSize: number
  /** How many of those are kept. */
  readonly keep: number
  /** The writer is not the service. Then a new file is started only if the service can continue it. */
  readonly isOthers?: boolean
  /** The service's account. It gets a file that otherwise only root could use. */
  readonly account?: Account | undefined
}

/**
 * Appends a line. Several processes may append to the same file, and one of them rotates it. A library would keep the file open, so this is
 * our own code. Throws the errors of the file system.
 */
export function appendLine(file: RotatingFile, line: string): void {
  const text = `${line}\n`
  if (isFull(file, Buffer.byteLength(text))) rotate(file, Buffer.byteLength(text))
  if (!existsSync(file.path)) begin(file)
  appendFileSync(file.path, text, { mode: 0o640 })
}

function begin({ path, isOthers = false, account }: RotatingFile): void {
  makeFolder(dirname(path), 0o777, account)
  const wanted = ownershipFor(path, account)
  let descriptor: number
  try {
    descriptor = openSync(path, 'ax', 0o640)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    throw error
  }
  try {
    giveOwnership(descriptor, path, wanted)
  } catch (error) {
    if (!isOthers && error instanceof OwnershipError) return
    rmSync(path)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

function isFull({ path, maxSize }: RotatingFile, more: number): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return size > 0 && size + more > maxSize
}

function rotate(file: RotatingFile, more: number): void {
  const lock = `${file.path}.lock`
  // Without the lock the line is appended all the same: the file is a little too large, once.
  if (!takeLock(lock)) return
  try {
    // Another process may have rotated it while we waited for the lock.
    if (!isFull(file, more)) return
    for (let number = file.keep; existsSync(`${file.path}.${number}`); number++) rmSync(`${file.path}.${number}`)
    for (let number = file.keep - 1; number >= 1; number--) {
      if (existsSync(`${file.path}.${number}`)) renameSync(`${file.path}.${number}`, `${file.path}.${number + 1}`)
    }
    renameSync(file.path, `${file.path}.1`)
  } finally {
    releaseLock(lock)
  }
}
