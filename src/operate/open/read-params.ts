import { toVariable } from '../../base/index.ts'
import type { Json } from '../../journal/index.ts'
import {
  describeMisfit,
  type Param,
  type ParamValue,
  type Procedure,
  parseParam,
  type Step,
} from '../../procedure/index.ts'
import { guess, UsageError } from '../errors.ts'
import type { Prompter } from '../ports.ts'

/** The parameters as given by `--param k=v`, else as filled from an alert, else their defaults. Throws a `UsageError` on an unknown, wrong or missing one. */
export function readParams(
  params: readonly Param[],
  given: readonly string[],
  filled: Readonly<Record<string, ParamValue>> = {},
): Record<string, ParamValue> {
  const values: Record<string, ParamValue> = {}
  for (const { name, default: value } of params) if (value !== undefined) values[name] = value
  Object.assign(values, filled, readGiven(params, given))
  const missing = params.filter(({ name }) => values[name] === undefined)
  if (missing.length > 0) {
    throw new UsageError(
      `The parameter ${missing.map(({ name }) => name).join(', ')} has no default and was not given`,
      missing.map(({ name, description }) => `--param ${name}=…  ${description ?? ''}`).join('\n  '),
    )
  }
  return values
}

/** The parameters given by `--param k=v`. Throws a `UsageError` on an unknown or wrong one. */
export function readGiven(params: readonly Param[], given: readonly string[]): Record<string, ParamValue> {
  const values: Record<string, ParamValue> = {}
  for (const text of given) {
    const at = text.indexOf('=')
    const name = at < 0 ? text : text.slice(0, at)
    const param = params.find(param => param.name === name)
    if (at < 0) throw new UsageError(`--param ${text} has no value`, 'Write --param name=value')
    if (values[name] !== undefined) throw new UsageError(`--param ${name} is given twice`)
    if (!param)
      throw new UsageError(
        `There is no parameter ${name}`,
        guess(
          name,
          params.map(param => param.name),
        ),
      )
    const result = parseParam(param, text.slice(at + 1))
    if ('expected' in result) {
      const shown = param.secret ? `${name}=[redacted]` : text
      throw new UsageError(`--param ${shown}: expected ${describeMisfit(result)}`)
    }
    values[name] = result.value
  }
  return values
}

/** The parameters, with a person asked for those that neither `--param` nor an alert gives. Nothing when that person gives up. */
export async function askMissing(
  params: readonly Param[],
  known: Readonly<Record<string, ParamValue>>,
  prompter: Prompter,
): Promise<Record<string, ParamValue> | undefined> {
  const missing = params.filter(({ name }) => known[name] === undefined)
  if (missing.length === 0) return { ...known }
  const defaults = Object.fromEntries(
    missing.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  )
  const answered = await prompter.params(missing, defaults)
  return answered && { ...known, ...answered }
}

/**
 * The values of the steps before the one to begin at, as given by `--value STEP.KEY=VALUE`. Throws a `UsageError` for what is none, and
 * when a step that is sure to run reads a value that nobody gives. The error says which, and how to give it.
 */
export function readGivenValues(
  procedure: Procedure,
  from: string | undefined,
  given: readonly string[],
): Record<string, Json> | undefined {
  if (from === undefined) {
    if (given.length === 0) return undefined
    throw new UsageError('--value gives what earlier steps would have given', 'Give --from STEP with it')
  }
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const start = steps.findIndex(({ id }) => id === from)
  const earlier = steps.slice(0, start)
  const values: Record<string, Json> = {}
  for (const text of given) addValue(values, text, earlier)
  const lacking = findSure(procedure, steps, start).flatMap(step => listReadings(step, earlier, values))
  const names = [...new Set(lacking)]
  if (names.length === 0) return given.length === 0 ? undefined : values
  throw new UsageError(
    `Steps from ${from} on read what steps before it give: ${names.join(', ')}`,
    `Give them: ${names.map(name => `--value ${name}=…`).join(' ')}; or resume the run that has them: handbook runs resume RUN`,
  )
}

/** The steps that run unless something fails. In a runbook others may: those that Diagnose suggests, and what undoes and verifies. */
function findSure({ kind }: Procedure, steps: readonly Step[], start: number): readonly Step[] {
  return kind === 'runbook' ? steps.slice(start, start + 1) : steps.slice(start)
}

function addValue(values: Record<string, Json>, text: string, earlier: readonly Step[]): void {
  const at = text.indexOf('=')
  if (at < 0) throw new UsageError(`--value ${text} has no value`, 'Write --value STEP.KEY=VALUE')
  const [id = '', ...rest] = text.slice(0, at).split('.')
  const ids = earlier.map(step => step.id)
  const step = earlier.find(step => step.id === id)
  if (!step) throw new UsageError(`No step ${id} stands before the one to begin at`, guess(id, ids))
  // What a bash step gives is text.
  const value = step.block.language === 'ts' ? readJson(text.slice(at + 1)) : text.slice(at + 1)
  const key = rest.join('.')
  const before = values[id]
  values[id] = key === '' ? value : { ...(isObject(before) ? before : {}), [key]: value }
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What a block reads of earlier steps and is not among the values: `STEP.KEY`, or `STEP` where the whole is read. */
function listReadings({ block }: Step, earlier: readonly Step[], values: Readonly<Record<string, Json>>): string[] {
  return earlier.flatMap(({ id }) => {
    const value = values[id]
    if (block.language === 'ts') {
      const name = id.replaceAll(/[^\w-]/g, '')
      const reads = new RegExp(`\\bsteps(?:\\.${name}\\b(?!-)|\\[['"\`]${name}['"\`]\\])(?:\\.(\\w+))?`, 'g')
      return [...block.code.matchAll(reads)].flatMap(([, key]) =>
        value === undefined || (key !== undefined && !has(value, key)) ? (key === undefined ? id : `${id}.${key}`) : [],
      )
    }
    // `${NAME:-…}` and the like do without.
    const reads = new RegExp(`\\$(?:\\{#?)?STEP_${toVariable(id)}_(\\w+)(?!\\w*:?[-+=?])`, 'g')
    return [...block.code.matchAll(reads)].flatMap(([, key = '']) => {
      const known = isObject(value) ? Object.keys(value).map(toVariable) : value === undefined ? [] : ['VALUE']
      return known.includes(key) ? [] : `${id}.${toKey(key)}`
    })
  })
}

function has(value: Json, key: string): boolean {
  return !isObject(value) || Object.hasOwn(value, key)
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The name of a value in a variable's: `INODES_FREE` is `inodesFree`. */
function toKey(variable: string): string {
  return variable.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
