import { type Admission, closeAdmission, readAdmission } from '../admission/admission.ts'
import { type Circuit, pauseDeliveries, readCircuit } from '../database/circuit.ts'
import type { OldDatabase } from './ask-old-database.ts'
import type { NewPlace, Places } from './places.ts'

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
): Promise<CarriedSwitches> {
  const before = places && (await readAdmission(places.from.state.path).catch(() => undefined))
  if (before?.open === false) await closeAdmission(to.state.path, before)
  const circuit = await inNew(async pool => {
    const now = await readCircuit(pool)
    if ('problem' in old || !old.circuit.paused) return now
    return now.paused && old.circuit.reason === null ? now : pauseDeliveries(pool, old.circuit.reason ?? undefined)
  })
  return { admission: await readAdmission(to.state.path), circuit }
}
