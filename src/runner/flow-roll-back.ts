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

/** What a run did, as far as undoing it goes. */
interface Changed extends Pick<Run, 'taken' | 'undone'> {
  readonly request: Pick<Run['request'], 'procedure'>
}

/** What a run changed, was not undone, and can or must be. */
export function findUnreverted({ request, taken, undone }: Changed): Unreverted {
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

/** What a recorded run changed and did not undo. */
export function findLeft(procedure: Procedure, history: RunHistory): Unreverted {
  const undone = listUndone(procedure, history)
  return findUnreverted({ request: { procedure }, taken: listTaken(procedure, history), undone })
}

/** What an earlier run changed. */
export function listTaken({ phases }: Procedure, { begun }: RunHistory): Step[] {
  const steps = phases.flatMap(phase => phase.steps)
  return begun
    .flatMap(id => steps.find(step => step.id === id) ?? [])
    .filter(({ risk, undoes }) => risk !== 'read' && undoes === undefined)
}

/** What of it was undone since. */
export function listUndone({ phases }: Procedure, history: RunHistory | undefined): Set<string> {
  const steps = phases.flatMap(phase => phase.steps)
  return new Set(
    steps.flatMap(({ id, undoes }) => (undoes && history?.results.get(id)?.status === 'passed' ? undoes : [])),
  )
}
