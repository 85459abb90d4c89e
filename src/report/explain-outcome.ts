import { explainEnding, type RunEvent, type RunState } from '../journal/index.ts'

/** Why a run ended as it did, in no more words than were measured; nothing when its outcome says it all, or it has none yet. */
export function explainOutcome(
  run: Pick<RunState, 'ending'> | Extract<RunEvent, { type: 'run.finished' }>,
): string | undefined {
  const ending = 'type' in run ? run : run.ending
  return ending && explainEnding(ending)
}
