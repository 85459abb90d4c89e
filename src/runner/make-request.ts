import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { toVariable } from '../base/index.ts'
import type { Environment, ServiceCommands } from '../environments/index.ts'
import type { BlockRequest } from '../execute/index.ts'
import type { Json } from '../journal/index.ts'
import type { Param, ParamValue, Step } from '../procedure/index.ts'
import type { Run } from './run.ts'
import { permitSilencing } from './silences.ts'

/** Everything that a step's block may see and do, for one try. A step that only reads gets less. */
export function makeRequest(run: Run, step: Step, attempt: number, issued: Credentials = {}): BlockRequest {
  const { request, ports, values } = run
  const { procedure, environment, cwd, params } = request
  const { variables, secrets, services } = describeSight(run, step, issued)
  run.opened += 1
  const evidenceFolder = join(ports.scratch, ports.writer.run, step.id)
  mkdirSync(evidenceFolder, { recursive: true, mode: 0o700 })
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const suggestable = steps.filter(({ phase }) => phase === 'mitigate').map(({ id }) => id)
  return {
    step: step.id,
    language: step.block.language,
    code: step.block.code,
    file: procedure.path,
    lines: step.block.lines,
    cwd,
    variables,
    params,
    target: environment.target,
    values,
    steps: steps.map(({ id }) => id),
    suggestable,
    services,
    hosts: environment.hosts,
    secrets,
    ...(environment.prometheusUrl === undefined ? {} : { prometheusUrl: environment.prometheusUrl }),
    silencing: permitSilencing(run, step),
    mayChange: step.risk !== 'read',
    mayLeave: step.leaves !== undefined,
    place: ports.executor.open(ports.scratch, `${step.id}.${attempt}.${run.opened}`),
    evidenceFolder,
  }
}

/** What was issued for one step, by name. */
type Credentials = Readonly<Record<string, string>>

/** What a block sees of the world. */
export interface Sight {
  /** All its variables, and those that are neither parameters, facts, earlier values nor secrets. */
  readonly variables: Readonly<Record<string, string>>
  readonly own: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly services: Services
}

/** What a step's block sees of the world; a step that only reads sees less. */
export function describeSight({ request, values }: Run, step: Step, issued: Credentials = {}): Sight {
  const { procedure, environment, inherited, params } = request
  const mayChange = step.risk !== 'read'
  const kept = Object.entries(request.secrets).filter(
    ([name]) => mayChange || environment.secrets[name]?.for === 'read',
  )
  const secrets = { ...Object.fromEntries(kept), ...issued }
  const own = makeOwnVariables(environment, inherited)
  const derived = deriveVariables({ environment, params: procedure.params, given: params, values, secrets })
  return {
    variables: { ...own, ...derived },
    own: Object.fromEntries(Object.entries(own).filter(([name]) => !Object.hasOwn(derived, name))),
    secrets,
    services: mayChange ? environment.services : onlyAsking(environment.services),
  }
}

type Services = Readonly<Record<string, ServiceCommands>>

function onlyAsking(services: Services): Services {
  return Object.fromEntries(
    Object.entries(services).map(([name, { status, logs }]) => [
      name,
      { ...(status === undefined ? {} : { status }), ...(logs === undefined ? {} : { logs }) },
    ]),
  )
}

/** Variables that every block gets: those of the runner that every process needs, and the environment's. */
function makeOwnVariables({ variables, path }: Environment, inherited: Readonly<Record<string, string>>) {
  return {
    // SHLVL: a bash that thinks it is the first one, with a socket as its input, reads ~/.bashrc, and zx gives it a socket.
    SHLVL: '1',
    ...inherited,
    ...variables,
    PATH: [...path, inherited.PATH ?? '/usr/bin:/bin'].join(':'),
  }
}

/** What a step's other variables are made of. */
interface VariableSources {
  readonly environment: Environment
  readonly params: readonly Param[]
  readonly given: Readonly<Record<string, ParamValue>>
  readonly values: Readonly<Record<string, Json>>
  readonly secrets: Readonly<Record<string, string>>
}

/** Params as `STALE_AFTER`, facts as `TARGET_URL`, earlier values as `STEP_USAGE_PERCENT`, secrets by name. */
function deriveVariables(sources: VariableSources): Record<string, string> {
  const { environment, params, given, values, secrets } = sources
  const variables: Record<string, string> = {}
  for (const [name, fact] of Object.entries(environment.target)) variables[`TARGET_${toVariable(name)}`] = String(fact)
  for (const { name } of params) {
    const value = given[name]
    if (value !== undefined) variables[toVariable(name)] = String(value)
  }
  for (const [id, value] of Object.entries(values))
    for (const { variable, part } of nameParts(id, value)) variables[variable] = format(part)
  for (const [name, secret] of Object.entries(secrets)) variables[toVariable(name)] = secret
  return variables
}

/** A part of a step's value, and the variable by which bash reads it. */
interface NamedPart {
  readonly variable: string
  readonly part: Json
  /** In words, for messages. */
  readonly name: string
}

function nameParts(id: string, value: Json): readonly NamedPart[] {
  const prefix = `STEP_${toVariable(id)}_`
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ variable: `${prefix}VALUE`, part: value, name: `the value of ${id}` }]
  return Object.entries(value).map(([key, part]) => ({
    variable: prefix + toVariable(key),
    part,
    name: `${key === '' ? 'an empty key' : key} of ${id}`,
  }))
}

/** Why bash could not read a step's value beside those of earlier steps: one of two would be lost. */
export function findNameFault(
  id: string,
  value: Json,
  earlier: Readonly<Record<string, Json>>,
): { readonly message: string; readonly hint: string } | undefined {
  const others = Object.entries(earlier).flatMap(([other, value]) => (other === id ? [] : nameParts(other, value)))
  const known = new Map(others.map(part => [part.variable, part.name]))
  for (const { variable, name } of nameParts(id, value)) {
    if (variable.endsWith(`STEP_${toVariable(id)}_`))
      return { message: `${name} has no name in bash`, hint: 'Give it a name' }
    const other = known.get(variable)
    known.set(variable, name)
    if (other === undefined) continue
    return {
      message: `${name} and ${other} have one name in bash: ${variable}`,
      hint: 'Give one of them another key, or its step another id',
    }
  }
  return undefined
}

function format(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
