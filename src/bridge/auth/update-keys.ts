import { mkdir, rmdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Configuration } from '../configuration/schema.ts'
import { errorCode, isMissing } from '../storage/error-code.ts'
import { findServiceAccount, giveToFolderOwner, makeFolder } from '../storage/ownership.ts'
import { resolveLinks } from '../storage/replace-file.ts'
import { type ApiKey, keysPath, readKeys, writeKeys } from './keys-file.ts'

// A change takes milliseconds: a lock as old as this was left by a command that was killed.
const staleAfter = 10_000

/** Changes the keys, one command at a time: a revocation is never undone by what another command read before it. */
export async function updateKeys(
  configuration: Configuration,
  change: (keys: readonly ApiKey[]) => Promise<readonly ApiKey[]>,
): Promise<void> {
  const path = resolveLinks(keysPath(configuration))
  const account = findServiceAccount([configuration.state.path, configuration.storage.path])
  makeFolder(dirname(path), 0o777, account)
  const lock = `${path}.lock`
  while (!(await takeLock(lock))) await wait(20)
  try {
    await writeKeys(path, await change(await readKeys(path)), account)
  } finally {
    await rmdir(lock)
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    giveToFolderOwner(lock)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    if (await isStale(lock)) await removeStale(lock)
    return false
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs > staleAfter
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function removeStale(lock: string): Promise<void> {
  try {
    await rmdir(lock)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
