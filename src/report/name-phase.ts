import { PHASES } from '../procedure/index.ts'

/** What a run does that goes well, when it reverts its temporary changes: nothing was rolled back because of a failure. */
export const TEMPORARY = 'Revert temporary changes'

/** A phase's heading. */
export function nameOfPhase(phase: string): string {
  return PHASES.find(({ name }) => name === phase)?.title ?? phase
}
