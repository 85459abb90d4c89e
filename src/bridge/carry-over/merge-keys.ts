import { type ApiKey, isGood } from '../auth/keys-file.ts'

/** Keys as they are to be in the new place, and what that changes there. */
export interface MergedKeys {
  readonly keys: readonly ApiKey[]
  readonly revoked: readonly string[]
  readonly expireEarlier: readonly string[]
  readonly haveAnotherRole: readonly string[]
  readonly takenAlong: readonly string[]
  /** Keys that still let somebody in, and of which the old place knows nothing. */
  readonly unknown: readonly string[]
}

/**
 * Lays the keys of the old place over those of a backup: a key is as the old place has it, and revoked or expired as soon as either of
 * both says so. Keys that were made since come along, in the place of another one of the same name.
 */
export function mergeKeys(restored: readonly ApiKey[], old: readonly ApiKey[], now: Date): MergedKeys {
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
