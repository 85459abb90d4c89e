import { holdDelivery } from '../database/upload-states.ts'
import { findAcknowledged } from '../database/uploads.ts'
import type { Hold, OldDatabase, Places } from './places.ts'
import type { Trail } from './read-trail.ts'

/** What became of the uploads that wait in the new place. */
export interface CarriedHolds {
  readonly held: readonly Hold[]
  /** Uploads that are held in the old place, and that the new one does not have. */
  readonly absent: readonly Hold[]
  /** What could not be asked. */
  readonly unknown: readonly string[]
}

/** Holds what waits in the new place and is held in the old one; by the audit trail where the old database does not tell. */
export async function carryOverHolds(
  { inNew, trail }: Places,
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
