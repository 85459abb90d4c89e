import { type Admission, closeAdmission, readAdmission } from '../admission/admission.ts'
import { type Circuit, pauseDeliveries, readCircuit } from '../database/circuit.ts'
import type { OldDatabase } from './ask-old-database.ts'
import type { NewPlace, Places } from './places.ts'
import type { Pause, Trail } from './read-trail.ts'

// Without a reason, a pause would be taken for that of the restore, which the restore ends.
const silent = 'paused at the old place, and nobody said why'

/** Whether the new place takes in and delivers. */
export interface CarriedSwitches {
  readonly admission: Admission
  readonly circuit: Circuit
}

/** Closes and pauses the new place for the reason for which the old one is; opens and resumes nothing. */
export async function carryOverSwitches(
  { to, inNew }: NewPlace,
  places: Places | undefined,
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
