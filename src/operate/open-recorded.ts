import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Environment } from '../environments/index.ts'
import type { RunHistory } from '../journal/index.ts'
import { type Param, type ParamValue, type Procedure, parseProcedure } from '../procedure/index.ts'
import { findTargetChanges, type Obstacle } from '../runner/index.ts'
import { RefusedError, UsageError } from './errors.ts'
import { resolveEnvironment } from './open-environment.ts'
import { openHandbook } from './open-handbook.ts'
import type { Ports } from './ports.ts'
import { askMissing, readGiven } from './read-params.ts'

/** Where a recorded run took place: its page as it is now, and its environment as it is now. */
export interface Surroundings {
  readonly procedure: Procedure
  readonly environment: Environment
  readonly cwd: string
  /** How the environment differs from what it was. */
  readonly changes: readonly string[]
}

/** Finds what a recorded run needs to be gone on with or taken back. Throws a `UsageError` for what is not there any more. */
export async function openRecorded(history: RunHistory, ports: Pick<Ports, 'cwd' | 'practice'>): Promise<Surroundings> {
  const { started } = history
  const handbook = await openHandbook(ports.cwd)
  const cwd = handbook?.root ?? started.cwd ?? ports.cwd
  const text = await readFile(resolve(cwd, started.path), 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`The run’s page is not there any more: ${join(cwd, started.path)}`)
  const environment = await resolveEnvironment(handbook, handbook ? started.environment : undefined, ports.practice)
  return {
    procedure: parseProcedure(text, started.path),
    environment,
    cwd,
    changes: findTargetChanges(history, environment),
  }
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
