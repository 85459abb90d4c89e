import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Environment, Handbook } from '../../environments/index.ts'
import {
  checkLedger,
  describeLedgerCheck,
  isBroken,
  type PastHolder,
  type Recording,
  type RunHistory,
  type RunStore,
  readHistory,
} from '../../journal/index.ts'
import { type Param, type ParamValue, type Procedure, parseProcedure } from '../../procedure/index.ts'
import { findTargetChanges, type Obstacle, type RunRequest } from '../../runner/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import { findPagesById } from '../open/find-procedure.ts'
import { demandFacts, resolveEnvironment } from '../open/open-environment.ts'
import { openHandbook } from '../open/open-handbook.ts'
import { askMissing, readGiven } from '../open/read-params.ts'
import type { Ports, Prompter } from '../ports.ts'
import { findRun, leaseRun } from '../runs/find-run.ts'

/** Which run to resume or to roll back, and how far that runs without questions. */
export interface RecordedRunOptions {
  /** The run's id. */
  readonly run: string
  /** Secret parameters, given again as `name=value`. */
  readonly params: readonly string[]
  /** Whether nobody is asked, as far as the environment allows it. */
  readonly auto?: boolean | undefined
  /** Who somebody on an account that several people use says that they are. */
  readonly as?: string | undefined
  /** Why nobody's approval is waited for. */
  readonly breakGlass?: string | undefined
  /** Whether the run takes place although its target is not what it was. */
  readonly acceptTarget?: boolean | undefined
  /** Sees the page's text before it is parsed. */
  readonly look?: ((text: string) => void) | undefined
}

/** A recorded run that nobody else resumes or rolls back meanwhile. */
export interface HeldRun extends Surroundings {
  readonly store: RunStore
  readonly recording: Recording
  readonly history: RunHistory
  /** Who held it before, and does not run it any more. */
  readonly gone: readonly PastHolder[]
  /** Asks questions; without it there is nobody to ask. */
  readonly prompter: Prompter | undefined
  /** What a request to run it has that is the same whatever is done with it. */
  readonly request: Pick<RunRequest, 'procedure' | 'environment' | 'cwd' | 'mode' | 'claims' | 'breakGlass'>
}

/**
 * Holds a recorded run while it is resumed or rolled back. Throws a `UsageError` when there is no such run, or when its page or its
 * environment is not there any more. Throws a `RefusedError` when it still runs, and either when its ledger is not what was written.
 */
export async function holdRecorded<T>(
  { run, auto, as, breakGlass, look }: RecordedRunOptions,
  ports: Ports,
  work: (held: HeldRun) => Promise<T>,
): Promise<T> {
  const { store } = await findRun(run, ports)
  const leased = await leaseRun(store, run, ports)
  try {
    // What is recorded by now: nobody adds to it any more.
    const { recording } = await findRun(run, ports)
    await demandTrusted(store, recording)
    const history = readHistory(recording.events)
    if (!history) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
    const surroundings = await openRecorded(history, ports, look)
    const { changes: _, moved: __, ...where } = surroundings
    const prompter = auto ? undefined : ports.prompter
    const mode = auto ? 'auto' : prompter ? 'interactive' : 'reading'
    const request = {
      ...where,
      mode,
      ...(as === undefined ? {} : { claims: as }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    } as const
    return await work({ ...surroundings, store, recording, history, gone: leased.gone, prompter, request })
  } finally {
    // On a disk that is read-only by now the lock stays; this process is gone then, and others see that.
    await leased.lease.release().catch(() => undefined)
  }
}

/**
 * Throws when the ledger is not what was written: what it says was done may not have been done. That is a `UsageError` when a line was
 * changed, and a `RefusedError` when the ledger is consistent but later runs contradict it.
 */
async function demandTrusted(store: RunStore, recording: Recording): Promise<void> {
  const check = await checkLedger(store, recording)
  if (!isBroken(check)) return
  const { run, events } = recording
  if (check.state === 'newer')
    throw new RefusedError(
      `Run ${run} cannot be read whole: ${check.why}`,
      'Use that version of handbook, or a newer one',
    )
  const page = events[0]?.type === 'run.started' ? events[0].procedure : 'PAGE'
  const hint = `Hold a copy or an export against it: handbook runs verify ${run} --against FILE. See what the run seems to have done: handbook runs show ${run}. Undo that by hand as the page says, or begin a new run at a step: handbook run ${page} --from STEP`
  throw check.state === 'changed'
    ? new UsageError(`Line ${check.line} of the ledger of ${run} was changed: the run cannot be trusted`, hint)
    : new RefusedError(`The ledger of run ${run} cannot be trusted. It is ${describeLedgerCheck(check)}`, hint)
}

/** Where a recorded run took place: its page as it is now, and its environment as it is now. */
export interface Surroundings {
  readonly procedure: Procedure
  readonly environment: Environment
  readonly cwd: string
  /** How the environment differs from what it was. */
  readonly changes: readonly string[]
  /** That the page has another path by now, if so. */
  readonly moved: readonly string[]
}

/** Finds what is needed to resume a recorded run, or to roll it back. Throws a `UsageError` for what is not there any more. */
export async function openRecorded(
  history: RunHistory,
  ports: Pick<Ports, 'cwd' | 'practice'>,
  look?: (text: string) => void,
): Promise<Surroundings> {
  const { started } = history
  const handbook = await openHandbook(ports.cwd)
  const cwd = handbook?.root ?? started.cwd ?? ports.cwd
  const { path, text } = await findPage(started, handbook, cwd)
  look?.(text)
  const environment = await resolveEnvironment(handbook, handbook ? started.environment : undefined, ports.practice)
  const procedure = parseProcedure(text, path)
  demandFacts(environment, handbook, procedure)
  return {
    procedure,
    environment,
    cwd,
    moved: path === started.path ? [] : [`the page is ${path} now; when the run began it was ${started.path}`],
    changes: [...findTargetChanges(history, environment), ...findOtherDeployment(history, environment)],
  }
}

/** The page of a run: at its path, or where the handbook has the page of its id by now. */
async function findPage(
  { path, procedure }: RunHistory['started'],
  handbook: Handbook | undefined,
  cwd: string,
): Promise<{ readonly path: string; readonly text: string }> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch(() => undefined)
  if (text !== undefined) return { path, text }
  const moved = handbook && findPagesById(handbook, procedure)
  const [found] = moved ?? []
  if (found && moved?.length === 1) return found
  throw new UsageError(
    `The run’s page is not there any more: ${join(cwd, path)}`,
    `Restore it, or give the page that it became the id ${procedure}. To see who moved it: git log -- ${path}`,
  )
}

/** That the run took place in a deployment of this name that is gone. */
function findOtherDeployment({ started }: RunHistory, { name, deployment }: Environment): string[] {
  if (started.deployment === undefined || deployment === undefined || started.deployment === deployment) return []
  return [`${name} is another deployment: it was brought up after the run`]
}

/**
 * The run's parameters, but for secret ones: those are not recorded. They are taken from the command line, else asked for where there
 * is somebody to ask. Nothing when that person gives up.
 */
export async function recallParams(
  params: readonly Param[],
  { started }: RunHistory,
  given: readonly string[],
  prompter: Ports['prompter'],
): Promise<Record<string, ParamValue> | undefined> {
  const again = readGiven(params, given)
  const open = Object.keys(again).filter(name => !params.some(param => param.name === name && param.secret))
  if (open.length > 0)
    throw new UsageError(`The run has its own ${open.join(', ')}`, 'Only secret parameters are given again')
  const values: Record<string, ParamValue> = {}
  for (const { name, secret, default: otherwise } of params) {
    const value = started.params[name]
    if (secret) continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values[name] = value
    // A parameter that the page had not when the run began.
    else if (otherwise !== undefined) values[name] = otherwise
  }
  const missing = params.filter(({ name, secret }) => secret && again[name] === undefined)
  if (missing.length > 0 && !prompter) {
    throw new UsageError(
      'Secret parameters are not recorded: they must be given again',
      missing.map(({ name }) => `--param ${name}=…`).join(' '),
    )
  }
  const known = { ...values, ...again }
  if (!prompter || missing.length === 0) return known
  const answered = await askMissing(missing, again, prompter)
  return answered && { ...known, ...answered }
}

/**
 * Asks whether a run takes place although its target is not what it was. Whoever only reads `--auto` was not asked: throws a
 * `UsageError` where nobody says it. False when a person says no.
 */
export async function acceptTarget(
  changes: readonly string[],
  accepted: boolean | undefined,
  prompter: Ports['prompter'],
): Promise<boolean> {
  if (changes.length === 0 || accepted) return true
  if (prompter) return prompter.accept(changes, 'The target is not what it was. Continue there?')
  throw new UsageError(
    `The target is not what it was: ${changes.join('; ')}`,
    'Look whether it is still the same deployment, then say so: --accept-target',
  )
}

/** Throws a `RefusedError` when something stands in the way. */
export function demandWay(obstacle: Obstacle | undefined): void {
  if (obstacle) throw new RefusedError(obstacle.message, obstacle.hint)
}
