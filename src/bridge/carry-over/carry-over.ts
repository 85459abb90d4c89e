import { type Admission, closeAdmission, readAdmission } from '../admission/admission.ts'
import { updateKeys } from '../auth/keys-file.ts'
import { type Circuit, pauseDeliveries, readCircuit } from '../database/queue.ts'
import { holdDelivery } from '../database/upload-states.ts'
import { findAcknowledged, listWaiting } from '../database/uploads.ts'
import { type CarriedKeys, carryOverKeys, noKeys, revoke } from './carry-over-keys.ts'
import { askOldDatabase, type CarryOverPlaces, type Hold, type NewPlace, type OldDatabase } from './places.ts'
import type { Pause, Trail } from './read-trail.ts'

/** What is not to be asked of the old place, and why; and keys that are revoked besides. */
interface Exceptions {
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
export async function carryOver(
  to: NewPlace,
  from: CarryOverPlaces | undefined,
  exceptions: Exceptions,
): Promise<CarriedOver> {
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

// Without a reason, a pause would be taken for that of the restore, which the restore ends.
const silent = 'paused at the old place, and nobody said why'

/** Whether the new place takes in and delivers. */
interface CarriedSwitches {
  readonly admission: Admission
  readonly circuit: Circuit
}

/** Closes and pauses the new place for the reason for which the old one is; opens and resumes nothing. */
async function carryOverSwitches(
  { to, inNew }: NewPlace,
  places: CarryOverPlaces | undefined,
  old: OldDatabase,
  trail: (() => Promise<Trail>) | undefined,
): Promise<CarriedSwitches> {
  const before = places && (await readAdmission(places.from.state.path).catch(() => undefined))
  if (before?.open === false) await closeAdmission(to.state.path, before)
  const pause = 'problem' in old ? (await trail?.())?.pause : findPause(old.circuit)
  const circuit = await inNew(pool =>
    pause === undefined ? readCircuit(pool) : pauseDeliveries(pool, pause.reason ?? silent),
  )
  return { admission: await readAdmission(to.state.path), circuit }
}

function findPause({ paused, reason }: Circuit): Pause | undefined {
  return paused ? { reason: reason ?? undefined } : undefined
}

/** What became of the uploads that wait in the new place. */
interface CarriedHolds {
  readonly held: readonly Hold[]
  /** Uploads that are held in the old place, and that the new one does not have. */
  readonly absent: readonly Hold[]
  /** What could not be asked. */
  readonly unknown: readonly string[]
}

/** Holds what waits in the new place and is held in the old one; by the audit trail where the old database does not tell. */
async function carryOverHolds(
  { inNew, trail }: CarryOverPlaces,
  waiting: readonly string[],
  old: OldDatabase,
): Promise<CarriedHolds> {
  const known = 'problem' in old ? new Set<string>() : old.known
  const untold = waiting.filter(id => !known.has(id))
  const told = untold.length > 0 ? await trail() : undefined
  const holds = [...('problem' in old ? [] : old.held), ...holdsOf(told).filter(({ id }) => !known.has(id))]
  const unknown = untold.filter(id => !told?.held.has(id))
  const why = 'problem' in old ? old.problem : 'the old database does not know them'
  return {
    ...(await inNew(async pool => {
      const there = await findAcknowledged(
        pool,
        holds.map(({ id }) => id),
      )
      const held: Hold[] = []
      for (const hold of holds.filter(({ id }) => waiting.includes(id))) {
        if (await holdDelivery(pool, hold.id, hold.reason)) held.push(hold)
      }
      return { held, absent: holds.filter(({ id }) => !there.has(id)) }
    })),
    unknown: told?.gap === undefined || unknown.length === 0 ? [] : [`${count(unknown.length)}: ${why}; ${told.gap}`],
  }
}

function holdsOf(trail: Trail | undefined): readonly Hold[] {
  return [...(trail?.held ?? [])].map(([id, reason]) => ({ id, reason }))
}

function count(uploads: number): string {
  return uploads === 1 ? 'an upload that waits in the new place' : `${uploads} uploads that wait in the new place`
}
