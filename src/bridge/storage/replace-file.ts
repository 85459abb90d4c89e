import { randomUUID } from 'node:crypto'
import { readlinkSync, realpathSync } from 'node:fs'
import { type FileHandle, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCode, isMissing } from './error-code.ts'
import { type Account, giveOwnership, ownershipFor } from './ownership.ts'
import { SharedWork } from './shared-work.ts'

/**
 * Writes a small file of the deployment from any account. An existing file keeps its owner, group and mode. A new file gets the owner of
 * its folder. A link stays a link, and its target is written. Throws an OwnershipError and keeps the old file when this is impossible.
 */
export async function replaceFile(path: string, content: string, mode = 0o666, account?: Account): Promise<void> {
  const file = resolveLinks(path)
  const wanted = ownershipFor(file, account)
  await writeFileAtomically(file, content, mode, ({ fd }) => giveOwnership(fd, file, wanted))
}

/** Writes a small file as `writeWhole` does, and returns once no power cut can bring the old one back. */
export async function writeFileAtomically(
  path: string,
  content: string,
  mode?: number,
  prepare?: (file: FileHandle) => void,
): Promise<void> {
  await writeWhole(path, content, mode, prepare)
  await syncFolder(dirname(path))
}

/**
 * Writes a small file in one step: after a power cut, and for readers, it is old or new and never a part. `prepare` may throw to refuse the
 * new file. Until its folder is synced, a power cut can bring the old one back.
 */
export async function writeWhole(
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
}

/** Removes a file or a link; harmless when it is gone. Unlike `rm` it does not look first what it is. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

const syncs = new Map<string, SharedWork<void>>()

/** Syncs a folder, so that names that were created, changed or removed before the call survive a power cut. */
export function syncFolder(path: string): Promise<void> {
  const sync = syncs.get(path) ?? new SharedWork(() => syncAlone(path))
  syncs.set(path, sync)
  return sync.ask()
}

async function syncAlone(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The target of a path through its links, even when the file does not exist yet. Replacing a file must not replace a link to it. */
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
