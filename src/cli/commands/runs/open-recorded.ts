import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Environment, Handbook } from '../../../environments/index.ts'
import { type Param, type ParamValue, type Procedure, parseProcedure } from '../../../procedure/index.ts'
import type { RunHistory } from '../../../runner/index.ts'
import { openHandbook } from '../../find-procedure.ts'
import { readGiven } from '../../read-params.ts'
import { resolveEnvironment } from '../../resolve-environment.ts'
import { UsageError } from '../../usage-error.ts'

/** Where a recorded run took place: its page as it is now, and its environment as it is now. */
export interface Surroundings {
  readonly procedure: Procedure
  readonly handbook?: Handbook
  readonly environment: Environment
  readonly cwd: string
  /** What is not as it was. */
  readonly warnings: readonly string[]
}

/** Finds what a recorded run needs to be gone on with or taken back. Throws a `UsageError` for what is not there any more. */
export async function openRecorded({ started }: RunHistory): Promise<Surroundings> {
  const handbook = await openHandbook(process.cwd())
  const cwd = handbook?.root ?? started.cwd ?? process.cwd()
  const text = await readFile(resolve(cwd, started.path), 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`The run’s page is not there any more: ${join(cwd, started.path)}`)
  const environment = await resolveEnvironment(handbook, handbook ? started.environment : undefined)
  const changed = Object.entries(environment.target).flatMap(([name, value]) =>
    started.target[name] === value
      ? []
      : [`target.${name} was ${started.target[name] ?? 'not there'}, and is ${value}`],
  )
  return {
    procedure: parseProcedure(text, started.path),
    ...(handbook ? { handbook } : {}),
    environment,
    cwd,
    warnings: changed,
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
  interactive: boolean,
): Promise<Record<string, ParamValue> | undefined> {
  const again = readGiven(params, given)
  const open = Object.keys(again).filter(name => !params.some(param => param.name === name && param.secret))
  if (open.length > 0)
    throw new UsageError(`The run has its own ${open.join(', ')}`, 'Only secret parameters are given again')
  const values: Record<string, ParamValue> = {}
  for (const { name, secret } of params) {
    const value = started.params[name]
    if (!secret && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
      values[name] = value
  }
  const missing = params.filter(({ name, secret }) => secret && again[name] === undefined)
  if (missing.length === 0) return { ...values, ...again }
  if (!interactive) {
    throw new UsageError(
      'Secret parameters are not recorded: they must be given again',
      missing.map(({ name }) => `--param ${name}=…`).join(' '),
    )
  }
  const { askParams } = await import('../../prompts/ask-params.ts')
  const defaults = Object.fromEntries(
    missing.flatMap(param => (param.default === undefined ? [] : [[param.name, param.default]])),
  )
  const answered = await askParams(missing, defaults)
  return answered && { ...values, ...again, ...answered }
}
