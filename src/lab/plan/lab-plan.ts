import { join } from 'node:path'
import { env as ownEnvironment } from 'node:process'
import type { ProcessRegistry } from '../processes/process-registry.ts'
import type { StartOptions } from '../status.ts'
import { claimPorts } from './claim-ports.ts'

/** Everything decided before the first part of a lab starts. */
export interface LabPlan extends StartOptions {
  readonly registry: ProcessRegistry
  readonly paths: LabPaths
  /** The environment of the lab's programs. */
  readonly env: Readonly<Record<string, string>>
  readonly timeScale: number
  readonly ports: LabPorts
  /** Gives the ports back, once no part listens on them any more. */
  releasePorts(): void
  readonly url: string
  readonly workerUrl: string
  readonly downstreamUrl: string
  readonly prometheusUrl: string
  readonly alertmanagerUrl: string
  readonly deadMansSwitchUrl: string
  /** Where the receivers of Alertmanager are. */
  readonly pagerUrl: string
  /** The file of the key with which Prometheus reads the API's metrics, where it needs one. */
  readonly metricsKeyFile?: string
  /** When the secrets of the deployment were made, in ISO 8601; without it, they are made now. */
  readonly secretsMade?: string
}

/** The names of the ports that a lab listens on. */
const PORT_NAMES = [
  'api',
  'worker',
  'downstream',
  'database',
  'prometheus',
  'alertmanager',
  'dead-mans-switch',
  'pager',
  'proxy',
  'scanner',
] as const

/** The ports of a lab's parts. */
type LabPorts = Readonly<Record<(typeof PORT_NAMES)[number], number>>

/** The address of a part on this machine. */
function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

/** The log of a part. */
export function logPath(plan: Pick<LabPlan, 'paths'>, name: string): string {
  return join(plan.paths.logs, `${name}.log`)
}

/** The paths of a lab's files in its folder. */
export interface LabPaths {
  readonly directory: string
  readonly state: string
  readonly claim: string
  readonly config: string
  readonly bin: string
  readonly logs: string
  readonly data: string
  readonly releases: string
  /** Two repositories of backups and their password. */
  readonly backup: string
  /** The URL of the database's administrator. */
  readonly administrator: string
  readonly monitoring: string
  readonly volume: string
  /** Where the volume is mounted. */
  readonly mount: string
  /** The service's folder on the volume. */
  readonly storage: string
}

/** The paths of the lab in a folder. The folder must be absolute and without links. */
export function labPaths(directory: string): LabPaths {
  const volume = join(directory, 'volume')
  const mount = join(volume, 'mount')
  return {
    directory,
    state: join(directory, 'lab.json'),
    claim: join(directory, 'claim.json'),
    config: join(directory, 'upload-bridge.yaml'),
    bin: join(directory, 'bin'),
    logs: join(directory, 'logs'),
    data: join(directory, 'data'),
    releases: join(directory, 'releases'),
    backup: join(directory, 'data', 'backup'),
    administrator: join(directory, 'data', 'database-administrator-url'),
    monitoring: join(directory, 'monitoring'),
    volume,
    mount,
    storage: join(mount, 'storage'),
  }
}

/** How many times faster than in production the rules' time passes. */
const DEFAULT_TIME_SCALE = 60

/** Chooses the place of every part of a lab, so that all can start at the same time. */
export async function planLab(options: StartOptions, paths: LabPaths, registry: ProcessRegistry): Promise<LabPlan> {
  const { ports: numbers, release } = await claimPorts(PORT_NAMES.length)
  const port = (name: (typeof PORT_NAMES)[number]) => numbers[PORT_NAMES.indexOf(name)] ?? 0
  const ports: LabPorts = {
    api: port('api'),
    worker: port('worker'),
    downstream: port('downstream'),
    database: port('database'),
    prometheus: port('prometheus'),
    alertmanager: port('alertmanager'),
    'dead-mans-switch': port('dead-mans-switch'),
    pager: port('pager'),
    proxy: port('proxy'),
    scanner: port('scanner'),
  }
  return {
    ...options,
    paths,
    registry,
    ports,
    releasePorts: release,
    env: childEnvironment(options.env ?? ownEnvironment),
    timeScale: options.timeScale ?? DEFAULT_TIME_SCALE,
    url: localUrl(ports.api),
    workerUrl: localUrl(ports.worker),
    downstreamUrl: localUrl(ports.downstream),
    prometheusUrl: localUrl(ports.prometheus),
    alertmanagerUrl: localUrl(ports.alertmanager),
    deadMansSwitchUrl: localUrl(ports['dead-mans-switch']),
    pagerUrl: localUrl(ports.pager),
  }
}

/** The variables that the lab's programs inherit: enough to run, and no secrets. */
function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ']
  const kept = names.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8' }
}
