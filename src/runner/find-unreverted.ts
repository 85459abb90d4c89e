import type { Cure, Standing } from '../journal/index.ts'
import type { Run } from './run.ts'

/** What a run changed and did not undo. */
export interface Unreverted {
  /** With a way back on the page, or meant to be temporary. */
  readonly standing: readonly Standing[]
  /** Undone only on the condition that the page names. */
  readonly cures: readonly Cure[]
}

/** What a run changed, was not undone, and can or must be. */
export function findUnreverted({ request, taken, undone }: Pick<Run, 'request' | 'taken' | 'undone'>): Unreverted {
  const all = request.procedure.phases.flatMap(phase => phase.steps)
  const standing: Standing[] = []
  const cures: Cure[] = []
  for (const { id, temporary } of taken) {
    if (undone.has(id)) continue
    const undoer = all.find(({ undoes }) => undoes === id)
    if (undoer?.when !== undefined && !temporary) cures.push({ step: id, undoneBy: undoer.id, when: undoer.when })
    else if (undoer) standing.push({ step: id, undoneBy: undoer.id })
    else if (temporary) standing.push({ step: id })
  }
  return { standing, cures }
}
