import { bareEnvironment, type Environment, type Handbook } from '../environments/index.ts'
import { type Lab, labEnvironment } from '../lab-port/index.ts'
import { guess } from './guess.ts'
import { findLabFolder } from './paths.ts'
import { UsageError } from './usage-error.ts'

/** Here: a page run by its path, outside any handbook, runs like a script. */
const HERE = bareEnvironment('here')

/** The environment that was asked for; with none asked for, a running lab. Throws a `UsageError` when it cannot be had. */
export async function resolveEnvironment(
  handbook: Handbook | undefined,
  name: string | undefined,
): Promise<Environment> {
  if (!handbook) {
    if (name === undefined || name === HERE.name) return HERE
    throw new UsageError(`There is no environment ${name} outside a handbook`)
  }
  const { environments } = handbook.file
  // Names come from the command line: one that every object has, such as `constructor`, is no environment.
  const [wanted, known] =
    Object.entries(environments).find(([known, { lab }]) => (name === undefined ? lab : known === name)) ?? []
  if (wanted === undefined || !known) {
    throw new UsageError(
      name === undefined ? 'Say where to run it: --env NAME' : `handbook.yaml has no environment ${name}`,
      guess(name ?? '', Object.keys(environments)),
    )
  }
  if (known.lab) return mergeLab(handbook, wanted, known)
  const { lab: _, auto = 'read', prometheusUrl, alertmanagerUrl, services, secrets, approvers, ...rest } = known
  const missing = Object.keys(handbook.file.target).filter(fact => !Object.hasOwn(known.target, fact))
  if (missing.length > 0)
    throw new UsageError(
      `The environment ${wanted} does not state ${missing.join(', ')}`,
      'Add it to its target in handbook.yaml',
    )
  return {
    name: wanted,
    auto,
    ...rest,
    approvers: listKeys(approvers),
    services: withoutUndefined(services),
    secrets: withoutUndefined(secrets),
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
  }
}

async function mergeLab(
  handbook: Handbook,
  name: string,
  known: Handbook['file']['environments'][string],
): Promise<Environment> {
  const { demandLab } = await import('./demand-lab.ts')
  return openLabEnvironment(await demandLab(handbook), findLabFolder(handbook.root), name, known)
}

/** The practice deployment in a folder, with what `handbook.yaml` adds. Throws a `UsageError` when none runs there. */
export async function openLabEnvironment(
  lab: Lab,
  directory: string,
  name: string,
  known: Handbook['file']['environments'][string],
): Promise<Environment> {
  const status = await lab.status(directory)
  if (!status)
    throw new UsageError(
      `The environment ${name} is the practice deployment, and none is running`,
      'Start one: handbook lab up',
    )
  const environment = labEnvironment(status)
  const { auto = environment.auto, protected: isProtected, target, services, path, variables, secrets } = known
  return {
    ...environment,
    name,
    auto,
    protected: isProtected,
    target: { ...target, ...environment.target },
    services: { ...environment.services, ...withoutUndefined(services) },
    path: [...path, ...environment.path],
    variables: { ...environment.variables, ...variables },
    secrets: { ...environment.secrets, ...withoutUndefined(secrets) },
    approvers: listKeys(known.approvers),
  }
}

function listKeys(approvers: Handbook['file']['environments'][string]['approvers']): Environment['approvers'] {
  return Object.fromEntries(Object.entries(approvers).map(([name, keys]) => [name, [keys].flat()]))
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(entries: Record<string, T>): Record<string, Defined<T>> {
  return JSON.parse(JSON.stringify(entries))
}
