import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { env as ownEnvironment } from 'node:process'
import type { StartOptions } from '../lab.ts'
import type { ProcessRegistry } from '../processes/process-registry.ts'

/** Everything decided before the first part of a lab starts. */
export interface LabPlan extends StartOptions {
  readonly registry: ProcessRegistry
  readonly paths: LabPaths
  /** What the lab's programs get as their environment. */
  readonly env: Readonly<Record<string, string>>
  readonly timeScale: number
  readonly ports: LabPorts
  readonly url: string
  readonly workerUrl: string
  readonly downstreamUrl: string
  readonly prometheusUrl: string
  readonly alertmanagerUrl: string
}

/** The names of the ports that a lab listens on. */
const PORT_NAMES = ['api', 'worker', 'downstream', 'database', 'prometheus', 'alertmanager'] as const

/** Where the parts of a lab listen. */
type LabPorts = Readonly<Record<(typeof PORT_NAMES)[number], number>>

/** The address of a part on this machine. */
function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

/** The log of a part. */
export function logPath(plan: Pick<LabPlan, 'paths'>, name: string): string {
  return join(plan.paths.logs, `${name}.log`)
}

/** Where everything of a lab lies in its folder. */
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
  readonly monitoring: string
  readonly volume: string
  /** Where the volume is mounted. */
  readonly mount: string
  /** The service's folder on the volume. */
  readonly storage: string
}

/** The paths of the lab in a folder, which is absolute and free of links. */
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
    monitoring: join(directory, 'monitoring'),
    volume,
    mount,
    storage: join(mount, 'storage'),
  }
}

/** How many times faster than in production time passes for the rules. */
const DEFAULT_TIME_SCALE = 60

/** Decides where every part of a lab will be, so that all can start at the same time. */
export async function planLab(options: StartOptions, paths: LabPaths, registry: ProcessRegistry): Promise<LabPlan> {
  const numbers = await findFreePorts(PORT_NAMES.length)
  const port = (name: (typeof PORT_NAMES)[number]) => numbers[PORT_NAMES.indexOf(name)] ?? 0
  const ports: LabPorts = {
    api: port('api'),
    worker: port('worker'),
    downstream: port('downstream'),
    database: port('database'),
    prometheus: port('prometheus'),
    alertmanager: port('alertmanager'),
  }
  return {
    ...options,
    paths,
    registry,
    ports,
    env: childEnvironment(options.env ?? ownEnvironment),
    timeScale: options.timeScale ?? DEFAULT_TIME_SCALE,
    url: localUrl(ports.api),
    workerUrl: localUrl(ports.worker),
    downstreamUrl: localUrl(ports.downstream),
    prometheusUrl: localUrl(ports.prometheus),
    alertmanagerUrl: localUrl(ports.alertmanager),
  }
}

/** What the lab's programs get of the environment: enough to run, nothing to leak. */
function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ']
  const kept = names.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8' }
}

/** Below the ports that kernels give to outgoing connections, so that nobody takes one while its server restarts. */
const LOWEST = 10_240
const HIGHEST = 32_000

/** Ports of 127.0.0.1 that nobody listens on, all different. */
async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = []
  try {
    while (servers.length < count) {
      const server = await tryListen(randomInt(LOWEST, HIGHEST))
      if (server) servers.push(server)
    }
    return servers.map(portOf)
  } finally {
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  }
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
