import type { Cure, RunHistory, Standing, Verdict } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import type { Run } from './run.ts'
import { beginPhase, takeAll } from './take-step.ts'

/** Undoes what a run changed, last one first; a cure only when the step that undoes it is named. */
export async function runRollBack(run: Run): Promise<Verdict> {
  const unreverted = findUnreverted(run)
  const named = run.request.rollsBack?.step
  const undoers = chooseUndoers(run, unreverted, named)
  if (named !== undefined && undoers.length === 0)
    return {
      outcome: 'inconclusive',
      reason: `#${named} has nothing to undo: it was undone already, or never done`,
    }
  if (undoers.length > 0) return takeAll(run, beginPhase(run, 'roll-back', undoers))
  return { outcome: 'passed', basis: { passed: [] }, reason: sayNothingLeft(unreverted) }
}

/** Nothing is left only as far as the page undoes it, and as the run's own record tells what it changed. */
function sayNothingLeft({ standing, cures }: Unreverted): string {
  const stays = [...standing, ...cures].map(({ step }) => `#${step}`).join(', ')
  const left = 'nothing is left to roll back'
  return stays === '' ? `${left}: no step was run` : `${left} by itself: no step was run, and what ${stays} did stays`
}

function chooseUndoers(run: Run, { standing, cures }: Unreverted, named: string | undefined): Step[] {
  const ids = [...standing, ...(named === undefined ? [] : cures)].map(({ undoneBy }) => undoneBy)
  const steps = run.request.procedure.phases.flatMap(phase => phase.steps)
  const undoers = ids.flatMap(id => steps.find(step => step.id === id) ?? []).reverse()
  return named === undefined ? undoers : undoers.filter(({ id }) => id === named)
}

/** What a run changed and did not undo. */
interface Unreverted {
  /** With a way back on the page, or meant to be temporary. */
  readonly standing: readonly Standing[]
  /** Undone only on the condition that the page names. */
  readonly cures: readonly Cure[]
}

/** A step that changed something, or may have begun to. */
export interface TakenStep {
  readonly id: string
  readonly temporary: boolean
  /** The step that was to undo it when the run began, and on what condition: the page may have lost it since. */
  readonly way?: { readonly id: string; readonly when?: string }
}

/** What a run did, as far as undoing it goes. */
interface Changed extends Pick<Run, 'taken' | 'undone'> {
  readonly request: Pick<Run['request'], 'procedure'>
}

/** What a run changed, was not undone, and can or must be; also what the page has lost by now. */
export function findUnreverted({ request, taken, undone }: Changed): Unreverted {
  const all = request.procedure.phases.flatMap(phase => phase.steps)
  const standing: Standing[] = []
  const cures: Cure[] = []
  for (const { id, temporary, way } of taken) {
    if (undone.has(id)) continue
    const undoer = all.find(({ undoes }) => undoes === id)
    if (undoer?.when !== undefined && !temporary) cures.push({ step: id, undoneBy: undoer.id, when: undoer.when })
    else if (undoer) standing.push({ step: id, undoneBy: undoer.id })
    else if (temporary || (way && way.when === undefined)) standing.push({ step: id })
  }
  return { standing, cures }
}

/** What a recorded run changed and did not undo. */
export function findLeft(procedure: Procedure, history: RunHistory): Unreverted {
  const undone = listUndone(procedure, history)
  return findUnreverted({ request: { procedure }, taken: listTaken(procedure, history), undone })
}

/** What an earlier run changed, by its record and by the page: a page that is another by now makes nothing undone. */
export function listTaken({ phases }: Procedure, { begun, started }: RunHistory): TakenStep[] {
  const steps = phases.flatMap(phase => phase.steps)
  return begun.flatMap((id): TakenStep[] => {
    const now = steps.find(step => step.id === id)
    const then = started.steps.find(step => step.id === id)
    const risk = then?.risk ?? now?.risk ?? 'read'
    if (risk === 'read' || (then?.meta ?? now)?.undoes !== undefined) return []
    const way = started.steps.find(({ meta }) => meta?.undoes === id)
    const when = way?.meta?.when
    const temporary = (now?.temporary ?? false) || (then?.meta?.temporary ?? false)
    return [{ id, temporary, ...(way ? { way: { id: way.id, ...(when === undefined ? {} : { when }) } } : {}) }]
  })
}

/** What of it was undone since: by a step that undid it when the run began, or does by now. */
export function listUndone({ phases }: Procedure, history: RunHistory | undefined): Set<string> {
  const now = phases.flatMap(phase => phase.steps)
  const then = (history?.started.steps ?? []).map(({ id, meta }) => ({ id, undoes: meta?.undoes }))
  return new Set(
    [...now, ...then].flatMap(({ id, undoes }) =>
      undoes && history?.results.get(id)?.status === 'passed' ? undoes : [],
    ),
  )
}
