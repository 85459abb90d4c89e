import { stat } from 'node:fs/promises'
import { isMissing } from '../storage/error-code.ts'
import { type ApiKey, readKeys } from './keys-file.ts'

/** The keys as they are now; throws when they cannot be read. */
export type KnownKeys = () => Promise<readonly ApiKey[]>

/** Makes what reads the keys, which reads their file only when that changed, be it only its owner or mode. */
export function createKnownKeys(path: () => string): KnownKeys {
  let version = ''
  let keys: readonly ApiKey[] = []
  return async () => {
    const current = await versionOf(path())
    if (current !== version) keys = await readKeys(path())
    version = current
    return keys
  }
}

async function versionOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, ctimeMs, size } = await stat(path)
    return `${path} ${ino} ${mtimeMs} ${ctimeMs} ${size}`
  } catch (error) {
    if (isMissing(error)) return path
    throw error
  }
}
