import { type Param, type ParamValue, parseParam } from '../procedure/index.ts'
import { UsageError } from './errors.ts'
import { guess } from './guess.ts'
import type { Prompter } from './ports.ts'

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
      throw new UsageError(`--param ${shown}: expected ${result.expected}`)
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
