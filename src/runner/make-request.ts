import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Service } from '../environments/index.ts'
import type { BlockRequest } from '../execute/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Run } from './run.ts'
import { makeVariables } from './step-variables.ts'

/** Everything that a step's block may see and do, for one try. A step that only reads gets less. */
export function makeRequest({ request, ports, values }: Run, step: Step, attempt: number): BlockRequest {
  const { procedure, environment, cwd, inherited, params } = request
  const folder = join(ports.scratch, `${step.id}.${attempt}`)
  mkdirSync(folder, { recursive: true })
  const mayChange = step.risk !== 'read'
  const secrets = Object.fromEntries(
    Object.entries(request.secrets).filter(([name]) => mayChange || environment.secrets[name]?.for === 'read'),
  )
  const services = mayChange ? environment.services : onlyAsking(environment.services)
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const suggestable = steps.filter(({ phase }) => phase === 'mitigate').map(({ id }) => id)
  const evidenceFolder = join(ports.ledger.folder, 'evidence', step.id)
  return {
    step: step.id,
    language: step.block.language,
    code: step.block.code,
    file: procedure.path,
    lines: step.block.lines,
    cwd,
    variables: {
      ...makeVariables({ environment, inherited, params: procedure.params, given: params, values, secrets }),
      HB_FOLDER: folder,
      HB_EVIDENCE: evidenceFolder,
      HB_SUGGESTABLE: suggestable.join(' '),
      ...(mayChange ? { HB_MAY_CHANGE: '1' } : {}),
      ...serviceVariables(services),
    },
    params,
    target: environment.target,
    values,
    steps: steps.map(({ id }) => id),
    suggestable,
    services,
    hosts: environment.hosts,
    secrets,
    ...(environment.prometheusUrl === undefined ? {} : { prometheusUrl: environment.prometheusUrl }),
    mayChange,
    folder,
    evidenceFolder,
  }
}

type Services = Readonly<Record<string, Service>>

function onlyAsking(services: Services): Services {
  return Object.fromEntries(
    Object.entries(services).map(([name, { status, logs }]) => [
      name,
      { ...(status === undefined ? {} : { status }), ...(logs === undefined ? {} : { logs }) },
    ]),
  )
}

/** `HB_SERVICE_API_RESTART` and so on, where `hb service` looks. */
function serviceVariables(services: Services): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, service] of Object.entries(services)) {
    for (const [action, command] of Object.entries(service)) {
      variables[`HB_SERVICE_${`${name}_${action}`.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`] = command
    }
  }
  return variables
}
