import { bareEnvironment, type Environment, type Handbook } from '../environments/index.ts'
import { demandLab } from './demand-lab.ts'
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
  const { connectLab, findMismatch, labEnvironment } = await import('../lab/index.ts')
  demandLab(findMismatch(handbook.file))
  const lab = await connectLab(findLabFolder(handbook.root))
  if (!lab)
    throw new UsageError(
      `The environment ${name} is the practice deployment, and none is running`,
      'Start one: handbook lab up',
    )
  const environment = labEnvironment(await lab.status())
  const secrets = { ...environment.secrets, ...withoutUndefined(known.secrets) }
  return {
    ...environment,
    name,
    auto: known.auto ?? environment.auto,
    protected: known.protected,
    secrets,
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
