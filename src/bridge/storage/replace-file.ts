import { randomUUID } from 'node:crypto'
import { readlinkSync, realpathSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCode, isMissing } from './error-code.ts'
import { type Account, giveOwnership, ownershipFor } from './ownership.ts'

/**
 * Writes a small file of the deployment, whichever account does it: the file that is there keeps its owner, group and mode, and a new
 * one belongs to the owner of its folder. A link stays a link, and what it leads to is written. Throws an OwnershipError, and leaves the old one, when that cannot be.
 */
export async function replaceFile(path: string, content: string, mode = 0o666, account?: Account): Promise<void> {
  const file = resolveLinks(path)
  const wanted = ownershipFor(file, account)
  await writeFileAtomically(file, content, mode, ({ fd }) => giveOwnership(fd, file, wanted))
}

/** Writes a small file so that readers and a power cut see the old or the new one, never a part; `prepare` may refuse the new one. */
export async function writeFileAtomically(
  path: string,
  content: string,
  mode = 0o666,
  prepare: (file: FileHandle) => void = () => {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      prepare(file)
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes the names in a folder durable: created, renamed and removed files. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Where a path leads, through links, also when there is no file yet: who replaces the file must not replace a link to it. */
export function resolveLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  try {
    return resolve(dirname(path), readlinkSync(path))
  } catch (error) {
    if (!isMissing(error) && errorCode(error) !== 'EINVAL') throw error
    return path
  }
}
