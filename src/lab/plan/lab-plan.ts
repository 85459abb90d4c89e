import { join } from 'node:path'
import type { LabOptions } from '../lab.ts'
import type { ProcessRegistry } from '../processes/process-registry.ts'
import type { LabPaths } from './lab-paths.ts'

/** Everything decided before the first part of a lab starts. */
export interface LabPlan extends LabOptions {
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
export const PORT_NAMES = ['api', 'worker', 'downstream', 'database', 'prometheus', 'alertmanager'] as const

/** Where the parts of a lab listen. */
export type LabPorts = Readonly<Record<(typeof PORT_NAMES)[number], number>>

/** The address of a part on this machine. */
export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

/** The log of a part. */
export function logPath(plan: Pick<LabPlan, 'paths'>, name: string): string {
  return join(plan.paths.logs, `${name}.log`)
}
