import { formatDuration, parseDuration } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { demandReadable, guess, UsageError } from '../errors.ts'
import { demandAlert, fillFromAlert } from '../open/fill-from-alert.ts'
import { findProcedure } from '../open/find-procedure.ts'
import { demandFacts, resolveEnvironment } from '../open/open-environment.ts'
import { findStore } from '../open/open-handbook.ts'
import { askMissing, readGiven, readGivenValues, readParams } from '../open/read-params.ts'
import type { Ports } from '../ports.ts'
import type { ReadyRun } from './perform-run.ts'

/** Which page to run, where, and how far by itself. */
export interface RunOptions {
  /** The page's id, its path, or the name of an alert that it answers. */
  readonly page: string
  /** The environment's name; without it, a running lab. */
  readonly environment?: string | undefined
  /** The alert that it is started for; without it, the one by whose name the page was called. */
  readonly alert?: string | undefined
  /** Parameters, as `name=value`. */
  readonly params: readonly string[]
  /** The one step to run. */
  readonly step?: string | undefined
  /** The step to begin at. */
  readonly from?: string | undefined
  /** What steps before that one would have given, as `step.key=value`. */
  readonly values?: readonly string[] | undefined
  /** Whether nobody is asked, as far as the environment allows it. */
  readonly auto?: boolean | undefined
  readonly askEach?: boolean | undefined
  /** Who somebody on an account that several people use says that they are. */
  readonly as?: string | undefined
  /** Why nobody's approval is waited for. */
  readonly breakGlass?: string | undefined
  /** Why it may change something although nothing of it can be recorded. */
  readonly unrecorded?: string | undefined
  /** Sees the page's text before it is parsed. */
  readonly look?: ((text: string) => void) | undefined
}

/**
 * Finds all that a run needs, and changes nothing. Gives nothing when a person who is asked for a parameter gives up. Throws a
 * `UsageError` for what cannot be run like this, and a `BrokenPageError` for a page that cannot be read as a program.
 */
export async function prepareRun(
  options: RunOptions,
  { cwd, env, practice, prompter }: Pick<Ports, 'cwd' | 'env' | 'practice' | 'prompter'>,
): Promise<ReadyRun | undefined> {
  const { procedure, handbook, besides, alert } = await findProcedure(options.page, cwd, options.look)
  const { breakGlass, unrecorded } = options
  demandReadable(procedure)
  demandAnyStep(procedure)
  const step = demandStep(procedure, options.step)
  const from = demandStep(procedure, options.from)
  const given = readGivenValues(procedure, from, options.values ?? [])
  const started = demandAlert(procedure, options.alert) ?? alert
  if (breakGlass?.trim() === '') throw new UsageError('--break-glass wants a reason')
  if (unrecorded?.trim() === '') throw new UsageError('--unrecorded wants a reason')
  const environment = await resolveEnvironment(handbook, options.environment, practice, besides)
  demandFacts(environment, handbook, procedure)
  // What always fires says nothing of why a run is started.
  const told = started === environment.deadMansSwitch?.alert ? undefined : started
  const filled = await fillFromAlert(procedure.params, told, environment.alertmanagerUrl, {
    alerts: procedure.alerts,
    given: readGiven(procedure.params, options.params),
  })
  const mode = options.auto ? 'auto' : prompter ? 'interactive' : 'reading'
  const params =
    mode === 'interactive' && prompter
      ? await askMissing(
          procedure.params,
          { ...filled.values, ...readGiven(procedure.params, options.params) },
          prompter,
        )
      : readParams(procedure.params, options.params, filled.values)
  if (!params) return undefined
  return {
    request: {
      procedure,
      environment,
      params,
      mode,
      ...(step === undefined ? {} : { only: step }),
      ...(from === undefined ? {} : { from }),
      ...(given === undefined ? {} : { given }),
      ...(options.as === undefined ? {} : { claims: options.as }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
      ...(unrecorded === undefined ? {} : { unrecorded }),
      ...(filled.alert === undefined ? {} : { alert: filled.alert }),
      cwd: handbook?.root ?? cwd,
      warnings: [...filled.warnings, ...findWarnings(procedure, handbook?.file, new Date())],
    },
    store: findStore(handbook?.root, env),
    askEach: options.askEach ?? false,
  }
}

/** Throws a `UsageError` when a page has no step at all. */
function demandAnyStep({ path, phases }: Procedure): void {
  if (phases.every(({ steps }) => steps.length === 0))
    throw new UsageError(`${path} has nothing to run`, 'Read it: handbook show')
}

/** The id of a step as its page writes it; keyboards write the same letter in several ways. Throws a `UsageError` when there is none. */
function demandStep({ path, phases }: Procedure, wanted: string | undefined): string | undefined {
  if (wanted === undefined) return undefined
  const ids = phases.flatMap(({ steps }) => steps.map(({ id }) => id))
  const found = ids.find(id => id.normalize() === wanted.normalize())
  if (found === undefined) throw new UsageError(`${path} has no step ${wanted}`, guess(wanted, ids))
  return found
}

/** What is not in order with a page, but keeps nobody from running it. */
export function findWarnings({ reviewed, problems }: Procedure, file: HandbookFile | undefined, now: Date): string[] {
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message)
  const since = reviewed === undefined ? Number.NaN : Date.parse(reviewed)
  const limit = parseDuration(file?.reviewEvery ?? '')
  const overdue = limit === undefined ? 0 : now.getTime() - since - limit
  if (overdue > 0) warnings.push(`last reviewed ${reviewed}: overdue for ${formatDuration(overdue)}`)
  return warnings
}
