import * as z from 'zod/mini'
import { describeIssue } from '../base/index.ts'
import type { Environment } from '../environments/index.ts'
import { LabError } from './lab-error.ts'

const fact = z.union([z.string(), z.number(), z.boolean()])
const texts = z._default(z.record(z.string(), z.string()), {})
const command = z.exactOptional(z.string())
const service = z.object({
  start: command,
  stop: command,
  restart: command,
  reload: command,
  status: command,
  logs: command,
})
const secret = z.object({
  env: command,
  file: command,
  command,
  for: z._default(z.enum(['read', 'change']), 'change'),
})

/** A lab's description of its deployment, in the words of an environment. */
type Deployed = Pick<
  Environment,
  | 'target'
  | 'services'
  | 'path'
  | 'variables'
  | 'secrets'
  | 'prometheusUrl'
  | 'alertmanagerUrl'
  | 'deadMansSwitch'
  | 'within'
  | 'secondPersonKey'
> &
  Partial<Pick<Environment, 'protected' | 'approvers'>>

/** What a lab made of an earlier state of the deployment that is only known from what somebody wrote of it then. */
export interface Reconstruction {
  /** The mutations of the deployment that are in effect together. Those of the repository are made where it is assessed. */
  readonly made: readonly string[]
  /** Those of either kind that are not made, each with the reason. */
  readonly leftOut: Readonly<Record<string, string>>
}

/** Everything that people and programs need to know of a running lab; a lab may say more. */
export interface LabStatus extends Deployed {
  readonly state: 'running' | 'stopping'
  /** Tells this deployment from those that were brought up before or after it; without it, all of them are taken for one. */
  readonly id?: string
  /** How it was made: a name of the lab's `profiles`, or `partial`. */
  readonly profile?: string
  /** What is missing here of the profile that was asked for, with the reason. Nothing that comes from it has that profile's name. */
  readonly partial?: readonly string[]
  /** What nothing that is done in it proves. */
  readonly notProven?: readonly string[]
  /** What differs from what is shipped, with the reason. */
  readonly differences?: readonly string[]
  /** Set when it was made worse on purpose, to be what was claimed of the deployment once. */
  readonly reconstruction?: Reconstruction
  /** The programs that take part, each with its version. */
  readonly versions?: Readonly<Record<string, string>>
  /** Set when it runs an older build than the one that is asked: it may not know what this one knows. */
  readonly older?: true
  /** What lists every notification that was sent, by receiver, and which receivers wake somebody. Without it that is unknown. */
  readonly notifications?: { readonly url: string; readonly waking: readonly string[] }
  /** The faults that are in effect now. */
  readonly faults: readonly string[]
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  /** Where everything is, for people: name to address, path or command. */
  readonly places: Readonly<Record<string, string>>
}

/** Reads a lab's status; nothing when the lab is down. Throws a `LabError` for a value that is not a status. */
export function readLabStatus(value: unknown): LabStatus | undefined {
  if (value === undefined || value === null) return undefined
  const result = labStatusSchema.safeParse(value, { error: describeIssue })
  if (result.success) {
    const { state, ...rest } = result.data
    return state === 'down' ? undefined : { ...rest, state }
  }
  const [issue] = result.error.issues
  const where = issue?.path.join('.') || 'its status'
  throw new LabError('part-failed', `the lab's status cannot be read: ${where}: ${issue?.message ?? ''}`)
}

const labStatusSchema = z.looseObject({
  state: z._default(z.enum(['running', 'stopping', 'down']), 'running'),
  id: z.exactOptional(z.string()),
  older: z.exactOptional(z.literal(true)),
  profile: z.exactOptional(z.string()),
  partial: z.exactOptional(z.array(z.string())),
  notProven: z.exactOptional(z.array(z.string())),
  differences: z.exactOptional(z.array(z.string())),
  reconstruction: z.exactOptional(z.object({ made: z.array(z.string()), leftOut: z.record(z.string(), z.string()) })),
  versions: z.exactOptional(z.record(z.string(), z.string())),
  within: z.exactOptional(z.array(z.string())),
  protected: z.exactOptional(z.boolean()),
  approvers: z.exactOptional(z.record(z.string(), z.array(z.string()))),
  secondPersonKey: z.exactOptional(z.string()),
  faults: z._default(z.array(z.string()), []),
  processes: z._default(z.array(z.object({ name: z.string(), pid: z.number() })), []),
  target: z._default(z.record(z.string(), fact), {}),
  services: z._default(z.record(z.string(), service), {}),
  path: z._default(z.array(z.string()), []),
  variables: texts,
  secrets: z._default(z.record(z.string(), secret), {}),
  prometheusUrl: z.exactOptional(z.url()),
  alertmanagerUrl: z.exactOptional(z.url()),
  deadMansSwitch: z.exactOptional(z.object({ alert: z.string(), url: z.url() })),
  notifications: z.exactOptional(z.object({ url: z.url(), waking: z.array(z.string()) })),
  places: texts,
})

/** A running lab as an environment in which procedures run: everything is allowed there. */
export function labEnvironment(status: LabStatus): Environment {
  const { id, target, services, path, variables, secrets, prometheusUrl, alertmanagerUrl, deadMansSwitch } = status
  const { within, secondPersonKey, profile, reconstruction } = status
  return {
    name: 'lab',
    ...(id === undefined ? {} : { deployment: id }),
    auto: 'danger',
    protected: status.protected ?? false,
    approvers: status.approvers ?? {},
    target,
    services,
    path,
    variables,
    secrets,
    acknowledged: [],
    hosts: [],
    ...(profile === undefined ? {} : { profile }),
    ...(reconstruction === undefined ? {} : { reconstruction }),
    ...(within === undefined ? {} : { within }),
    ...(secondPersonKey === undefined ? {} : { secondPersonKey }),
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
    ...(deadMansSwitch === undefined ? {} : { deadMansSwitch }),
  }
}
