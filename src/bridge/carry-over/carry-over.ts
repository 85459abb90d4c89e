import { type Admission, closeAdmission, readAdmission } from '../admission/admission.ts'
import { updateKeys } from '../auth/keys-file.ts'
import { type Circuit, pauseDeliveries, readCircuit } from '../database/queue.ts'
import { holdDelivery } from '../database/upload-states.ts'
import { findAcknowledged, listWaiting } from '../database/uploads.ts'
import { type CarriedKeys, carryOverKeys, noKeys, revoke } from './carry-over-keys.ts'
import { askOldDatabase, type CarryOverPlaces, type Hold, type NewPlace, type OldDatabase } from './places.ts'
import type { Pause, Trail } from './read-trail.ts'

/** Which parts of the old place to skip, with the reason, and additional keys to revoke. */
interface Exceptions {
  readonly withoutKeys: string | undefined
  readonly withoutHolds: string | undefined
  readonly revoke: readonly string[]
}

/** The protective decisions that are now in force in the new place. */
export interface CarriedOver extends CarriedSwitches {
  readonly keys: Omit<CarriedKeys, 'unknown'>
  readonly holds: Omit<CarriedHolds, 'unknown'>
  /** The parts that could not be read, in words. Revocations or holds may be missing. */
  readonly unknown: readonly string[]
}

/**
 * Carries over the protective decisions of the old place since the backup: revoked keys, held uploads, closed admission and paused
 * deliveries. Known decisions are applied even when another part cannot be read. Never opens admission, releases an upload or makes a key
 * valid again.
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

/** A key that must be revoked does not exist. */
export class UnknownKeyError extends Error {
  constructor(id: string) {
    super(`there is no key ${id} in the new place; nothing was changed`)
    this.name = 'UnknownKeyError'
  }
}

// A pause without a reason would look like the pause of the restore, and ending the restore would end it.
const silent = 'paused at the old place, and nobody said why'

/** Whether the new place admits and delivers uploads. */
interface CarriedSwitches {
  readonly admission: Admission
  readonly circuit: Circuit
}

/** Closes and pauses the new place for the same reason as the old place. Opens and resumes nothing. */
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

/** The result for the uploads that wait in the new place. */
interface CarriedHolds {
  readonly held: readonly Hold[]
  /** Uploads that are held in the old place and missing in the new place. */
  readonly absent: readonly Hold[]
  /** The parts that could not be read. */
  readonly unknown: readonly string[]
}

/** Holds uploads that wait in the new place and are held in the old place. Uses the audit trail when the old database does not answer. */
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
