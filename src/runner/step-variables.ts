import { toVariable } from '../base/index.ts'
import type { Environment } from '../environments/index.ts'
import type { Json } from '../journal/index.ts'
import type { Param, ParamValue } from '../procedure/index.ts'

/** What a step's environment is made of. */
export interface VariableSources {
  readonly environment: Environment
  /** What every process needs, from the runner's own environment: the allow-list. */
  readonly inherited: Readonly<Record<string, string>>
  readonly params: readonly Param[]
  readonly given: Readonly<Record<string, ParamValue>>
  readonly values: Readonly<Record<string, Json>>
  readonly secrets: Readonly<Record<string, string>>
}

/** A step's variables: params as `STALE_AFTER`, facts as `TARGET_URL`, earlier values as `STEP_USAGE_PERCENT`, secrets by name. */
export function makeVariables(sources: VariableSources): Record<string, string> {
  const { environment, inherited, params, given, values, secrets } = sources
  // SHLVL: a bash that thinks it is the first one, with a socket as its input, reads ~/.bashrc, and zx gives it a socket.
  const variables: Record<string, string> = { SHLVL: '1', ...inherited, ...environment.variables }
  variables.PATH = [...environment.path, inherited.PATH ?? '/usr/bin:/bin'].join(':')
  for (const [name, fact] of Object.entries(environment.target)) variables[`TARGET_${toVariable(name)}`] = String(fact)
  for (const { name } of params) {
    const value = given[name]
    if (value !== undefined) variables[toVariable(name)] = String(value)
  }
  for (const [id, value] of Object.entries(values)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      variables[`STEP_${toVariable(id)}_VALUE`] = format(value)
      continue
    }
    for (const [key, part] of Object.entries(value))
      variables[`STEP_${toVariable(id)}_${toVariable(key)}`] = format(part)
  }
  for (const [name, secret] of Object.entries(secrets)) variables[toVariable(name)] = secret
  return variables
}

function format(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
