import { env as ownEnvironment } from 'node:process'
import type { LabOptions } from '../lab.ts'
import { findFreePorts } from '../processes/free-ports.ts'
import type { ProcessRegistry } from '../processes/process-registry.ts'
import type { LabPaths } from './lab-paths.ts'
import { type LabPlan, type LabPorts, localUrl, PORT_NAMES } from './lab-plan.ts'

/** How many times faster than in production time passes for the rules. */
const DEFAULT_TIME_SCALE = 60

/** Decides where every part of a lab will be, so that all can start at the same time. */
export async function planLab(options: LabOptions, paths: LabPaths, registry: ProcessRegistry): Promise<LabPlan> {
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
