import type { RunHistory, RunStore } from '../../journal/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { findLeft, findRunner } from '../../runner/index.ts'
import { guess, RefusedError, UsageError } from '../errors.ts'
import type { Ports, RunListener } from '../ports.ts'
import { clearLeftovers } from '../runs/find-run.ts'
import { acceptTarget, demandWay, holdRecorded, type RecordedRunOptions, recallParams } from './open-recorded.ts'
import { type PerformedRun, performRun } from './perform-run.ts'

/** Which run to roll back; with a step, only what that step of the page undoes. */
export interface RollBackOptions extends RecordedRunOptions {
  readonly step?: string | undefined
  /** The id of the run that rolls it back, when it was given before. */
  readonly newRun?: string | undefined
}

/** Nothing is left to roll back: no run took place. */
export interface NothingLeft {
  readonly nothingLeft: string
}

/**
 * Rolls back what a run did and left standing, in a run of its own. Gives nothing when a person who is asked gives up. Throws a
 * `UsageError` when there is no such run, and a `RefusedError` when it still runs or cannot be trusted.
 */
export async function rollBackRun(
  options: RollBackOptions,
  ports: Ports,
  listener: RunListener,
): Promise<PerformedRun | NothingLeft | undefined> {
  return holdRecorded(options, ports, async held => {
    const { store, recording, history: recorded, procedure, changes, moved, gone, prompter, request } = held
    const { run, step } = options
    demandWay(findRunner(run, recorded, gone))
    await clearLeftovers(recorded, ports.cwd)
    if (step !== undefined) demandUndoer(procedure, step)
    const history = await addUndone(procedure, recorded, run, store)
    if (step === undefined && !isAnythingLeft(run, procedure, history)) return { nothingLeft: run }
    if (!(await acceptTarget(changes, options.acceptTarget, prompter))) return undefined
    const params = await recallParams(procedure.params, history, options.params, prompter)
    if (!params) return undefined
    return performRun(
      {
        request: {
          ...request,
          params,
          rollsBack: { run, from: recording.events.at(-1)?.seq ?? 0, history, ...(step === undefined ? {} : { step }) },
          warnings: [...moved, ...changes, ...listChangedWaysBack(procedure, history)],
        },
        store,
        ...(options.newRun === undefined ? {} : { run: options.newRun }),
      },
      ports,
      listener,
    )
  })
}

/** Throws a `UsageError` when a step of this name undoes nothing on the page. */
function demandUndoer({ path, phases }: Procedure, name: string): void {
  const undoers = phases.flatMap(({ steps }) => steps.flatMap(({ id, undoes }) => (undoes === undefined ? [] : id)))
  if (undoers.includes(name)) return
  throw new UsageError(`No step #${name} of ${path} undoes another`, guess(name, undoers))
}

/** What the run is known to have done and undone, with what later runs undid since. */
async function addUndone(
  { phases }: Procedure,
  history: RunHistory,
  run: string,
  store: RunStore,
): Promise<RunHistory> {
  const results = new Map(history.results)
  const undoers = phases.flatMap(({ steps }) => steps.flatMap(({ id, undoes }) => (undoes === undefined ? [] : id)))
  for (const { step } of await store.laterReverts(run))
    if (undoers.includes(step)) results.set(step, { status: 'passed' })
  return { ...history, results }
}

/** Throws a `RefusedError` when changes are left that nothing on the page undoes. False when nothing is left at all. */
function isAnythingLeft(run: string, procedure: Procedure, history: RunHistory): boolean {
  const { standing } = findLeft(procedure, history)
  if (standing.length === 0 || standing.some(({ undoneBy }) => undoneBy !== undefined)) return standing.length > 0
  throw new RefusedError(
    `Nothing on ${procedure.path} undoes what run ${run} left: ${standing.map(({ step }) => `#${step}`).join(', ')}`,
    'Undo it by hand, as the page says',
  )
}

/** Warns of ways back that are not what they were when the measure was taken. */
function listChangedWaysBack(procedure: Procedure, { blocks }: RunHistory): string[] {
  return procedure.phases
    .flatMap(phase => phase.steps)
    .filter(({ id, undoes, block }) => undoes !== undefined && blocks.has(id) && blocks.get(id) !== block.hash)
    .map(({ id }) => `the block of #${id} has changed since the run`)
}
