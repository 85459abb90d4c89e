import { updateKeys } from '../auth/keys-file.ts'
import { pauseDeliveries } from '../database/circuit.ts'
import { listWaiting } from '../database/uploads.ts'
import { askOldDatabase, type OldDatabase } from './ask-old-database.ts'
import { type CarriedHolds, carryOverHolds } from './carry-over-holds.ts'
import { type CarriedKeys, carryOverKeys, noKeys, revoke } from './carry-over-keys.ts'
import { type CarriedSwitches, carryOverSwitches } from './carry-over-switches.ts'
import type { NewPlace, Places } from './places.ts'

/** What is not to be asked of the old place, and why; and keys that are revoked besides. */
export interface Exceptions {
  readonly withoutKeys: string | undefined
  readonly withoutHolds: string | undefined
  readonly revoke: readonly string[]
}

/** What protects in the new place now. */
export interface CarriedOver extends CarriedSwitches {
  readonly keys: Omit<CarriedKeys, 'unknown'>
  readonly holds: Omit<CarriedHolds, 'unknown'>
  /** What could not be asked, in words: revocations or holds may be missing. */
  readonly unknown: readonly string[]
}

/**
 * Takes along what was decided in the old place since the backup and protects: revoked keys, held uploads, closed admission, paused
 * deliveries. What is known is done, also when something else could not be asked. Nothing is ever opened, released or made good again.
 */
export async function carryOver(to: NewPlace, from: Places | undefined, exceptions: Exceptions): Promise<CarriedOver> {
  const waiting = await to.inNew(listWaiting)
  await revokeKeys(to, exceptions.revoke)
  const asksHolds = from !== undefined && exceptions.withoutHolds === undefined
  const old: OldDatabase = asksHolds ? await askOldDatabase(from, waiting) : { problem: 'it was not to be asked' }
  const { unknown: unknownHolds, ...holds } = asksHolds ? await carryOverHolds(from, waiting, old) : noHolds
  const asksKeys = from !== undefined && exceptions.withoutKeys === undefined
  const { unknown: unknownKeys, ...keys } = asksKeys ? await carryOverKeys(from) : noKeys
  const { withoutHolds } = exceptions
  if (withoutHolds !== undefined) {
    await to.inNew(pool => pauseDeliveries(pool, `what was held since the backup is not known: ${withoutHolds}`))
  }
  const switches = await carryOverSwitches(to, from, old, asksHolds ? from.trail : undefined)
  return {
    ...switches,
    keys: { ...keys, revoked: [...new Set([...exceptions.revoke, ...keys.revoked])] },
    holds,
    unknown: [...unknownKeys, ...unknownHolds],
  }
}

const noHolds: CarriedHolds = { held: [], absent: [], unknown: [] }

async function revokeKeys({ to, now }: NewPlace, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await updateKeys(to, async keys => {
    const strange = ids.find(id => !keys.some(key => key.id === id))
    if (strange !== undefined) throw new UnknownKeyError(strange)
    return revoke(keys, ids, now)
  })
}

/** A key that is to be revoked is not there. */
export class UnknownKeyError extends Error {
  constructor(id: string) {
    super(`there is no key ${id} in the new place; nothing was changed`)
    this.name = 'UnknownKeyError'
  }
}
