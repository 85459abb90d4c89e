import { createHash, randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Configuration } from '../configuration/schema.ts'
import { errorCode, isMissing } from '../storage/error-code.ts'
import { releaseLock, takeLock } from '../storage/folder-lock.ts'
import { type Account, findServiceAccount, makeFolder } from '../storage/ownership.ts'
import { replaceFile, resolveLinks } from '../storage/replace-file.ts'
import { type Role, roles } from './roles.ts'

const keySchema = z.strictObject({
  id: z.string(),
  role: z.enum(roles),
  /** SHA-256 of the whole key: 256 random bits need no slower hash. */
  hash: z.string().regex(/^[\da-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
})

/** A stored key. Nobody can use it as a key, because only its hash is stored. */
export type ApiKey = Readonly<z.infer<typeof keySchema>>

/** The file of the keys. */
export function keysPath({ auth, state }: Configuration): string {
  return auth.keysFile ?? join(state.path, 'keys.json')
}

/** Reads the keys; none when the file does not exist. Throws when the file cannot be read. */
export async function readKeys(path: string): Promise<readonly ApiKey[]> {
  try {
    return z.array(keySchema).parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if (isMissing(cause)) return []
    throw new Error(`the keys in ${path} cannot be read: ${errorCode(cause) ?? 'they are damaged'}`, { cause })
  }
}

/** Whether a key is valid: not revoked and not expired. */
export function isGood({ revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return revokedAt === undefined && !(expiresAt && new Date(expiresAt) <= now)
}

/** Writes the keys. They take effect with the next request. */
async function writeKeys(path: string, keys: readonly ApiKey[], account?: Account): Promise<void> {
  await replaceFile(path, `${JSON.stringify(keys, null, 2)}\n`, 0o600, account)
}

/** Makes a new key: the text for its client, which is not stored, and the entry that is stored. */
export function issueKey(
  id: string,
  role: Role,
  now: Date,
  lifetime: number | undefined,
): { text: string; key: ApiKey } {
  const text = `ub_${id}_${randomBytes(32).toString('base64url')}`
  const expiry = lifetime === undefined ? {} : { expiresAt: new Date(now.getTime() + lifetime).toISOString() }
  return { text, key: { id, role, hash: hashKey(text).toString('hex'), createdAt: now.toISOString(), ...expiry } }
}

/** The hash of a key. */
export function hashKey(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The keys as they are now; throws when they cannot be read. */
export type KnownKeys = () => Promise<readonly ApiKey[]>

/** Makes the function that gives the current keys. It reads the file again only when the file, its owner or its mode changed. */
export function createKnownKeys(path: () => string): KnownKeys {
  let version = ''
  let keys: readonly ApiKey[] = []
  return async () => {
    const current = versionOf(path())
    if (current !== version) keys = await readKeys(path())
    version = current
    return keys
  }
}

// Every request asks. The audit trail beside this file is written just as synchronously, and a thread for it would cost ten times as much.
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return path
  const { ino, mtimeMs, ctimeMs, size } = found
  return `${path} ${ino} ${mtimeMs} ${ctimeMs} ${size}`
}

/** Changes the keys, one command at a time. Otherwise a command with an old copy could undo a revocation. */
export async function updateKeys(
  configuration: Configuration,
  change: (keys: readonly ApiKey[]) => Promise<readonly ApiKey[]>,
): Promise<void> {
  const path = resolveLinks(keysPath(configuration))
  const account = findServiceAccount(configuration)
  makeFolder(dirname(path), 0o777, account)
  const lock = `${path}.lock`
  while (!takeLock(lock)) await wait(20)
  try {
    await writeKeys(path, await change(await readKeys(path)), account)
  } finally {
    releaseLock(lock)
  }
}
