import type { Standing } from '../journal/index.ts'
import type { Run } from './run.ts'

/** Measures that are still in force: taken, not taken back, and with a way back on the page or meant to be temporary. */
export function findStanding({ request, taken, undone }: Pick<Run, 'request' | 'taken' | 'undone'>): Standing[] {
  const all = request.procedure.phases.flatMap(phase => phase.steps)
  return taken.flatMap(({ id, temporary }) => {
    const undoer = all.find(({ undoes }) => undoes === id)
    if (undone.has(id)) return []
    if (undoer) return [{ step: id, undoneBy: undoer.id }]
    return temporary ? [{ step: id }] : []
  })
}
