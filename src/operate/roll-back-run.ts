import { type RunHistory, type RunStore, readHistory } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { findRunner } from '../runner/index.ts'
import { UsageError } from './errors.ts'
import { clearLeftovers, findRun, leaseRun } from './find-run.ts'
import { guess } from './guess.ts'
import { demandWay, openRecorded, recallParams } from './open-recorded.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import type { Ports, RunListener } from './ports.ts'
import type { RecordedRunOptions } from './resume-run.ts'

/** Which run to roll back; with a step, only what that step of the page undoes. */
export interface RollBackOptions extends RecordedRunOptions {
  readonly step?: string | undefined
}

/**
 * Rolls back what a run did and left standing, in a run of its own. Gives nothing when a person who is asked gives up. Throws a
 * `UsageError` when that run cannot be trusted or is none, and a `RefusedError` when it still runs.
 */
export async function rollBackRun(
  { run, params: given, auto, breakGlass, step }: RollBackOptions,
  ports: Ports,
  listener: RunListener,
): Promise<PerformedRun | undefined> {
  const { store, recording } = await findRun(run, ports)
  const recorded = readHistory(recording.events)
  if (recording.badLine !== undefined && !recording.torn) throw new UsageError(`The ledger of ${run} was changed`)
  if (!recorded) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
  const leased = await leaseRun(store, run, ports)
  try {
    demandWay(findRunner(run, recorded, leased.gone))
    await clearLeftovers(store, recorded, ports.cwd)
    const { procedure, environment, cwd, warnings } = await openRecorded(recorded, ports)
    if (step !== undefined) demandUndoer(procedure, step)
    const history = await addTakenBack(recorded, run, store)
    const prompter = auto ? undefined : ports.prompter
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
          warnings: [...warnings, ...listChangedWaysBack(procedure, history)],
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

/** What the run is known to have done and taken back, with what others took back of it since. */
async function addTakenBack(history: RunHistory, run: string, store: RunStore): Promise<RunHistory> {
  const results = new Map(history.results)
  for (const { rollsBack, steps } of (await store.list()).runs) {
    if (rollsBack !== run) continue
    for (const { id, status } of steps) if (status === 'passed') results.set(id, { status })
  }
  return { ...history, results }
}

/** Warns of ways back that are not what they were when the measure was taken. */
function listChangedWaysBack(procedure: Procedure, { blocks }: RunHistory): string[] {
  return procedure.phases
    .flatMap(phase => phase.steps)
    .filter(({ id, undoes, block }) => undoes !== undefined && blocks.has(id) && blocks.get(id) !== block.hash)
    .map(({ id }) => `the block of #${id} has changed since the run`)
}
