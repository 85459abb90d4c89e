import { type RunHistory, type RunStore, readHistory } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { findLeft, findRunner } from '../runner/index.ts'
import { guess, RefusedError, UsageError } from './errors.ts'
import { clearLeftovers, findRun, leaseRun } from './find-run.ts'
import { acceptTarget, demandWay, openRecorded, recallParams } from './open-recorded.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import type { Ports, RunListener } from './ports.ts'
import type { RecordedRunOptions } from './resume-run.ts'

/** Which run to roll back; with a step, only what that step of the page undoes. */
export interface RollBackOptions extends RecordedRunOptions {
  readonly step?: string | undefined
}

/** Nothing is left to roll back: no run took place. */
export interface NothingLeft {
  readonly nothingLeft: string
}

/**
 * Rolls back what a run did and left standing, in a run of its own. Gives nothing when a person who is asked gives up. Throws a
 * `UsageError` when that run cannot be trusted or is none, and a `RefusedError` when it still runs.
 */
export async function rollBackRun(
  { run, params: given, auto, breakGlass, step, acceptTarget: accepted }: RollBackOptions,
  ports: Ports,
  listener: RunListener,
): Promise<PerformedRun | NothingLeft | undefined> {
  const { store, recording } = await findRun(run, ports)
  const recorded = readHistory(recording.events)
  if (recording.badLine !== undefined && !recording.torn) throw new UsageError(`The ledger of ${run} was changed`)
  if (!recorded) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
  const leased = await leaseRun(store, run, ports)
  try {
    demandWay(findRunner(run, recorded, leased.gone))
    await clearLeftovers(store, recorded, ports.cwd)
    const { procedure, environment, cwd, changes } = await openRecorded(recorded, ports)
    if (step !== undefined) demandUndoer(procedure, step)
    const history = await addUndone(procedure, recorded, run, store)
    const prompter = auto ? undefined : ports.prompter
    if (step === undefined && !isAnythingLeft(run, procedure, history)) return { nothingLeft: run }
    if (!(await acceptTarget(changes, accepted, prompter))) return undefined
    const params = await recallParams(procedure.params, history, given, prompter)
    if (!params) return undefined
    return await performRun(
      {
        request: {
          procedure,
          environment,
          cwd,
          params,
          mode: auto ? 'auto' : prompter ? 'interactive' : 'reading',
          ...(breakGlass === undefined ? {} : { breakGlass }),
          rollsBack: { run, history, ...(step === undefined ? {} : { step }) },
          warnings: [...changes, ...listChangedWaysBack(procedure, history)],
        },
        store,
      },
      ports,
      listener,
    )
  } finally {
    // On a disk that is read-only by now the lock stays; this process is gone then, and others see that.
    await leased.lease.release().catch(() => undefined)
  }
}

/** Throws a `UsageError` when a step of this name undoes nothing on the page. */
function demandUndoer({ path, phases }: Procedure, name: string): void {
  const undoers = phases.flatMap(({ steps }) => steps.flatMap(({ id, undoes }) => (undoes === undefined ? [] : id)))
  if (undoers.includes(name)) return
  throw new UsageError(`No step #${name} of ${path} undoes another`, guess(name, undoers))
}

/** What the run is known to have done and undone, with what later runs of its page in its environment undid since. */
async function addUndone(
  { phases }: Procedure,
  history: RunHistory,
  run: string,
  store: RunStore,
): Promise<RunHistory> {
  const results = new Map(history.results)
  const { procedure, environment, time } = history.started
  const end = history.ending?.time ?? time
  const undoers = phases.flatMap(({ steps }) => steps.flatMap(({ id, undoes }) => (undoes === undefined ? [] : id)))
  for (const { id: other, rollsBack, started, steps, ...of } of (await store.list()).runs) {
    const same = of.procedure === procedure && of.environment === environment
    if (other === run || started < end || (rollsBack !== run && !same)) continue
    for (const { id, status } of steps) if (status === 'passed' && undoers.includes(id)) results.set(id, { status })
  }
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
