import { hostname } from 'node:os'
import { type Recording, type RunHistory, type RunStore, readHistory } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import { findObstacle, findPageChanges, wantsDecision } from '../runner/index.ts'
import { RefusedError, UsageError } from './errors.ts'
import { clearLeftovers, findRun, leaseRun } from './find-run.ts'
import { acceptTarget, demandWay, openRecorded, recallParams } from './open-recorded.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import type { Ports, Prompter, RunListener } from './ports.ts'

/** Which run to resume, and how far it runs without questions. */
export interface RecordedRunOptions {
  /** The run's id. */
  readonly run: string
  /** Secret parameters, given again as `name=value`. */
  readonly params: readonly string[]
  /** Whether nobody is asked, as far as the environment allows it. */
  readonly auto?: boolean | undefined
  /** Why nobody's approval is waited for. */
  readonly breakGlass?: string | undefined
  /** Whether the run takes place although its target is not what it was. */
  readonly acceptTarget?: boolean | undefined
}

/** What to do about a step that may be only partially done, when it is known before. */
export interface ResumeOptions extends RecordedRunOptions {
  readonly interrupted?: 'repeat' | 'skip' | undefined
  readonly askEach?: boolean | undefined
  /** Whether it is resumed although its page is not what it was. */
  readonly acceptPage?: boolean | undefined
}

/**
 * Resumes a run after the last step that ended, or one that failed at its failed step. Gives nothing when a person who is asked gives up. Throws a `UsageError` when that run
 * cannot be trusted or is none, and a `RefusedError` when it still runs, is over, or is not what it was.
 */
export async function resumeRun(
  options: ResumeOptions,
  ports: Ports,
  listener: RunListener,
): Promise<PerformedRun | undefined> {
  const { run, params: given, auto, breakGlass, interrupted: said, askEach } = options
  const { store } = await findRun(run, ports)
  const leased = await leaseRun(store, run, ports)
  try {
    // What is recorded by now: nobody adds to it any more.
    const { recording } = await findRun(run, ports)
    const history = readTrusted(run, recording)
    const { procedure, environment, cwd, changes } = await openRecorded(history, ports)
    const prompter = auto ? undefined : ports.prompter
    demandWay(findObstacle(run, history, procedure, leased.gone, true))
    await demandNotRolledBack(run, history, store)
    const { decide, later } = findPageChanges(procedure, history)
    if (!options.acceptPage && decide.length > 0) {
      if (!prompter) demandWay(findObstacle(run, history, procedure, leased.gone))
      else if (!(await prompter.accept(decide, 'The page is not what it was. Resume all the same?'))) return undefined
    }
    if (!(await acceptTarget(changes, options.acceptTarget, prompter))) return undefined
    await clearLeftovers(store, history, ports.cwd)
    const params = await recallParams(procedure.params, history, given, prompter)
    if (!params) return undefined
    const interrupted = await decideInterrupted(procedure, history, said, prompter)
    if (interrupted === 'stop') return undefined
    const { only, from } = history.started
    return await performRun(
      {
        request: {
          procedure,
          environment,
          cwd,
          params,
          mode: auto ? 'auto' : prompter ? 'interactive' : 'reading',
          ...(only === undefined ? {} : { only }),
          ...(from === undefined ? {} : { from }),
          ...(breakGlass === undefined ? {} : { breakGlass }),
          resumes: { history, interrupted, accepted: [...decide, ...changes] },
          warnings: [...decide, ...changes, ...later, ...warnOfCut(recording), ...warnOfDistance(history)],
        },
        store,
        resumed: { run, events: recording.events },
        askEach: askEach ?? false,
      },
      ports,
      listener,
    )
  } finally {
    // On a disk that is read-only by now the lock stays; this process is gone then, and others see that.
    await leased.lease.release().catch(() => undefined)
  }
}

function readTrusted(run: string, content: Recording): RunHistory {
  if (content.badLine !== undefined && !content.torn)
    throw new UsageError(
      `Line ${content.badLine} of the ledger of ${run} was changed: the run cannot be resumed`,
      `See handbook runs show ${run}`,
    )
  const history = readHistory(content.events)
  if (!history) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
  if (history.started.rollsBack !== undefined)
    throw new UsageError(
      `${run} rolls back run ${history.started.rollsBack}`,
      `Do that again: handbook runs roll-back ${history.started.rollsBack}`,
    )
  return history
}

/** What another run undid is not done any more: a run that is resumed would take it as done. */
async function demandNotRolledBack(run: string, { started }: RunHistory, store: RunStore): Promise<void> {
  const back = (await store.list()).runs.find(
    ({ rollsBack, steps }) => rollsBack === run && steps.some(({ status }) => status === 'passed'),
  )
  if (!back) return
  throw new RefusedError(
    `Run ${run} was rolled back by run ${back.id}: what it did is undone`,
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
