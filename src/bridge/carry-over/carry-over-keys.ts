import { realpath } from 'node:fs/promises'
import { type ApiKey, isGood, keysPath, readKeys, updateKeys } from '../auth/keys-file.ts'
import type { Configuration } from '../configuration/schema.ts'
import { isMissing } from '../storage/error-code.ts'
import { mergeKeys } from './merge-keys.ts'
import type { Places } from './places.ts'
import type { Trail } from './read-trail.ts'

/** What became of the keys of the new place. */
export interface CarriedKeys {
  readonly revoked: readonly string[]
  readonly expireEarlier: readonly string[]
  readonly haveAnotherRole: readonly string[]
  readonly takenAlong: readonly string[]
  /** Keys made since the backup, which are lost. */
  readonly lost: readonly string[]
  /** What could not be asked. */
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

/** Lets no key work in the new place that does not work in the old one any more; by the audit trail when the keys are gone there. */
export async function carryOverKeys({ from, to, trail, now }: Places): Promise<CarriedKeys> {
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

/** Revokes keys by their ids; those that are revoked stay as they are. */
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
