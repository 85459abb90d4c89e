import { timingSafeEqual } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { isMissing } from '../storage/error-code.ts'
import { FailureLimit } from './failure-limit.ts'
import { type ApiKey, hashKey, keysPath, readKeys } from './keys-file.ts'
import type { Identity } from './roles.ts'

/** Who asks: nobody in particular, a key, somebody with a wrong key, or somebody with too many of those. */
export type Authentication =
  | { readonly outcome: 'anonymous' | 'refused' | 'blocked' }
  | { readonly outcome: 'recognised'; readonly key: Identity }

/** Reads the header `Authorization` of a request from an address; throws when the keys cannot be read. */
export type Authenticate = (header: string | undefined, address: string) => Promise<Authentication>

/** Makes the function that recognises keys; a key that is revoked is refused from the next request on. */
export function createAuthenticate(live: LiveConfiguration): Authenticate {
  const failures = new FailureLimit(() => live.current.auth.maxFailures)
  const currentKeys = createKeysReader(() => keysPath(live.current))
  return async (header, address) => {
    if (header === undefined) return { outcome: 'anonymous' }
    if (failures.isReached(address)) return { outcome: 'blocked' }
    const key = recognise(header, await currentKeys(), new Date())
    if (key !== undefined) return { outcome: 'recognised', key: { id: key.id, role: key.role } }
    failures.count(address)
    return { outcome: 'refused' }
  }
}

// Every key costs the same comparison, so that time tells nothing about which ids there are.
function recognise(header: string, keys: readonly ApiKey[], now: Date): ApiKey | undefined {
  const hash = hashKey(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '')
  const found = keys.filter(key => timingSafeEqual(Buffer.from(key.hash, 'hex'), hash))
  return found.find(key => key.revokedAt === undefined && !(key.expiresAt && new Date(key.expiresAt) <= now))
}

function createKeysReader(path: () => string): () => Promise<readonly ApiKey[]> {
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
    const { ino, mtimeMs, size } = await stat(path)
    return `${path} ${ino} ${mtimeMs} ${size}`
  } catch (error) {
    if (isMissing(error)) return path
    throw error
  }
}
