import { realpath } from 'node:fs/promises'
import { type ApiKey, isGood, keysPath, readKeys, updateKeys } from '../auth/keys-file.ts'
import type { Configuration } from '../configuration/schema.ts'
import { isMissing } from '../storage/error-code.ts'
import type { CarryOverPlaces } from './places.ts'
import type { Trail } from './read-trail.ts'

/** The result for the keys of the new place. */
export interface CarriedKeys {
  readonly revoked: readonly string[]
  readonly expireEarlier: readonly string[]
  readonly haveAnotherRole: readonly string[]
  readonly takenAlong: readonly string[]
  /** Keys that were made after the backup and are lost. */
  readonly lost: readonly string[]
  /** The parts that could not be read. */
  readonly unknown: readonly string[]
}

/** No key was touched, and none is unknown. */
export const noKeys: CarriedKeys = {
  revoked: [],
  expireEarlier: [],
  haveAnotherRole: [],
  takenAlong: [],
  lost: [],
  unknown: [],
}

/** Revokes every key in the new place that no longer works in the old place. Uses the audit trail when the old keys are gone. */
export async function carryOverKeys({ from, to, trail, now }: CarryOverPlaces): Promise<CarriedKeys> {
  const [source, target] = [keysPath(from), keysPath(to)]
  if (await isSameFile(source, target)) return noKeys
  const old = await readOldKeys(source)
  if (typeof old === 'string') return revokeByTrail(to, old, await trail(), now)
  const isWhole = mergeKeys(await readKeys(target), old, now).unknown.length === 0
  const isRevoked = isWhole ? new Set<string>() : (await trail()).revokedKeys
  let carried = noKeys
  await updateKeys(to, async keys => {
    const merged = mergeKeys(keys, old, now)
    const unknown = merged.unknown.filter(id => !isRevoked.has(id))
    const revoked = merged.unknown.filter(id => isRevoked.has(id))
    carried = {
      ...noKeys,
      revoked: [...merged.revoked, ...revoked],
      expireEarlier: merged.expireEarlier,
      haveAnotherRole: merged.haveAnotherRole,
      takenAlong: merged.takenAlong,
      unknown: unknown.length === 0 ? [] : [`keys ${unknown.join(', ')}: ${source} does not have them`],
    }
    return revoke(merged.keys, revoked, now)
  })
  return carried
}

/** Revokes keys by their ids. Keys that are already revoked do not change. */
export function revoke(keys: readonly ApiKey[], ids: readonly string[], now: Date): readonly ApiKey[] {
  return keys.map(key =>
    ids.includes(key.id) && key.revokedAt === undefined ? { ...key, revokedAt: now.toISOString() } : key,
  )
}

async function revokeByTrail(to: Configuration, problem: string, trail: Trail, now: Date): Promise<CarriedKeys> {
  let carried = noKeys
  await updateKeys(to, async keys => {
    const good = keys.filter(key => isGood(key, now)).map(({ id }) => id)
    const revoked = good.filter(id => trail.revokedKeys.has(id))
    const open = good.filter(id => !trail.revokedKeys.has(id))
    const lost = [...trail.createdKeys].filter(id => !trail.revokedKeys.has(id) && !keys.some(key => key.id === id))
    const isUnknown = trail.gap !== undefined && open.length > 0
    carried = {
      ...noKeys,
      revoked,
      lost,
      unknown: isUnknown ? [`keys ${open.join(', ')}: ${problem}; ${trail.gap}`] : [],
    }
    return revoke(keys, revoked, now)
  })
  return carried
}

async function readOldKeys(path: string): Promise<readonly ApiKey[] | string> {
  try {
    await realpath(path)
    return await readKeys(path)
  } catch (error) {
    if (isMissing(error)) return `there is no ${path}`
    return error instanceof Error ? error.message : String(error)
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map(path => realpath(path).catch(() => undefined)))
  return one === other || (first !== undefined && first === second)
}

/** The keys for the new place, and what changes there. */
interface MergedKeys {
  readonly keys: readonly ApiKey[]
  readonly revoked: readonly string[]
  readonly expireEarlier: readonly string[]
  readonly haveAnotherRole: readonly string[]
  readonly takenAlong: readonly string[]
  /** Keys that are still valid, and that the old place does not know. */
  readonly unknown: readonly string[]
}

/**
 * Merges the keys of the old place into those of a backup. The old place's version of a key wins. A key is revoked or expired when either
 * version is. Keys that were made after the backup are added, and replace another key with the same name.
 */
function mergeKeys(restored: readonly ApiKey[], old: readonly ApiKey[], now: Date): MergedKeys {
  const hashes = new Set(restored.map(({ hash }) => hash))
  const added = old.filter(({ hash }) => !hashes.has(hash))
  const replaced = new Set(added.map(({ id }) => id))
  const pairs = restored
    .map(before => ({ before, known: old.find(({ hash }) => hash === before.hash) }))
    .filter(({ before, known }) => known !== undefined || !replaced.has(before.id))
    .map(({ before, known }) => ({ before, after: known === undefined ? before : join(before, known), known }))
  const named = (choose: (pair: (typeof pairs)[number]) => boolean) => pairs.filter(choose).map(({ after }) => after.id)
  return {
    keys: [...pairs.map(({ after }) => after), ...added],
    revoked: named(({ before, after }) => before.revokedAt === undefined && after.revokedAt !== undefined),
    expireEarlier: named(({ before, after }) => before.expiresAt !== after.expiresAt),
    haveAnotherRole: named(({ before, after }) => before.role !== after.role),
    takenAlong: added.map(({ id }) => id),
    unknown: named(({ after, known }) => known === undefined && isGood(after, now)),
  }
}

function join(before: ApiKey, known: ApiKey): ApiKey {
  const revokedAt = earlier(before.revokedAt, known.revokedAt)
  const expiresAt = earlier(before.expiresAt, known.expiresAt)
  return {
    ...known,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  }
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Date.parse(one) <= Date.parse(other) ? one : other
}
