import { hostname } from 'node:os'
import type { Recording, RunHistory, RunStore } from '../../journal/index.ts'
import type { Procedure, Step } from '../../procedure/index.ts'
import { findObstacle, findPageChanges, wantsDecision } from '../../runner/index.ts'
import { demandReadable, RefusedError, UsageError } from '../errors.ts'
import type { Ports, Prompter, RunListener } from '../ports.ts'
import { clearLeftovers } from '../runs/find-run.ts'
import { acceptTarget, demandWay, holdRecorded, type RecordedRunOptions, recallParams } from './open-recorded.ts'
import { type PerformedRun, performRun } from './perform-run.ts'

/** What to do about a step that may be only partially done, when it is known before. */
export interface ResumeOptions extends RecordedRunOptions {
  readonly interrupted?: 'repeat' | 'skip' | undefined
  readonly askEach?: boolean | undefined
  /** Whether it is resumed although its page is not what it was. */
  readonly acceptPage?: boolean | undefined
}

/**
 * Resumes a run after the last step that ended, or one that failed at its failed step. Gives nothing when a person who is asked gives
 * up. Throws a `UsageError` when there is no such run, a `BrokenPageError` when its page cannot be read as a program, and a
 * `RefusedError` when it still runs, is over, cannot be trusted, or is not what it was.
 */
export async function resumeRun(
  options: ResumeOptions,
  ports: Ports,
  listener: RunListener,
): Promise<PerformedRun | undefined> {
  return holdRecorded(options, ports, async held => {
    const { store, recording, history, procedure, changes, moved, gone, prompter, request } = held
    const { run } = options
    demandNoRollBack(run, history)
    demandWay(findObstacle(run, history, procedure, gone, true))
    await demandNotRolledBack(run, history, store)
    // Steps that a page does not run would be passed over in silence.
    demandReadable(procedure)
    const { decide, later } = findPageChanges(procedure, history)
    if (!options.acceptPage && decide.length > 0) {
      if (!prompter) demandWay(findObstacle(run, history, procedure, gone))
      else if (!(await prompter.accept(decide, 'The page is not what it was. Resume all the same?'))) return undefined
    }
    if (!(await acceptTarget(changes, options.acceptTarget, prompter))) return undefined
    await clearLeftovers(history, ports.cwd)
    const params = await recallParams(procedure.params, history, options.params, prompter)
    if (!params) return undefined
    const interrupted = await decideInterrupted(procedure, history, options.interrupted, prompter)
    if (interrupted === 'stop') return undefined
    const { only, from } = history.started
    return performRun(
      {
        request: {
          ...request,
          params,
          ...(only === undefined ? {} : { only }),
          ...(from === undefined ? {} : { from }),
          resumes: { history, interrupted, accepted: [...decide, ...changes] },
          warnings: [...moved, ...decide, ...changes, ...later, ...warnOfCut(recording), ...warnOfDistance(history)],
        },
        store,
        resumed: { run, events: recording.events },
        askEach: options.askEach ?? false,
      },
      ports,
      listener,
    )
  })
}

/** Throws a `UsageError` for a roll back: one is done again instead. */
function demandNoRollBack(run: string, { started: { rollsBack } }: RunHistory): void {
  if (rollsBack !== undefined)
    throw new UsageError(`${run} rolls back run ${rollsBack}`, `Do that again: handbook runs roll-back ${rollsBack}`)
}

/** What another run undid is not done any more: a run that is resumed would take it as done. */
async function demandNotRolledBack(run: string, { started }: RunHistory, store: RunStore): Promise<void> {
  const back = (await store.laterReverts(run)).find(({ rollsBack }) => rollsBack)
  if (!back) return
  throw new RefusedError(
    `Run ${run} was rolled back by run ${back.run}: what it did is undone`,
    `Start a new run: handbook run ${started.procedure}`,
  )
}

function warnOfCut({ torn }: Recording): string[] {
  return torn ? ['half a line at the end of the ledger, written as its writer was ended, was cut off'] : []
}

/** From here nobody can see what a runner left running on another machine. */
function warnOfDistance({ by, half, ending }: RunHistory): string[] {
  return half && !ending && by.host !== hostname()
    ? [`what #${half.step} started on ${by.host} cannot be seen from here: ${hostname()} is another machine`]
    : []
}

/** What to do about a step that may be only partially done. Throws a `RefusedError` when nobody says it. */
async function decideInterrupted(
  procedure: Procedure,
  history: RunHistory,
  said: 'repeat' | 'skip' | undefined,
  prompter: Prompter | undefined,
): Promise<'repeat' | 'skip' | 'stop'> {
  if (!wantsDecision(history, procedure)) return 'repeat'
  if (said !== undefined) return said
  const step = findHalf(procedure, history)
  if (step && prompter) return prompter.interrupted(step)
  throw new RefusedError(
    `“${step?.title}” was interrupted: it may be only partially done`,
    'Look how far it came, then give --interrupted repeat or --interrupted skip',
  )
}

/** The step that changes something and may be only partially done. */
function findHalf({ phases }: Procedure, { open }: RunHistory): Step | undefined {
  return phases.flatMap(phase => phase.steps).find(({ id, risk }) => open.includes(id) && risk !== 'read')
}
