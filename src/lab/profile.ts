import type { LabProfile } from '../lab-port/index.ts'
import { SERVICE_NAMES } from './lab.ts'

/** The facts that a lab states of itself, all of them texts. */
export const FACT_NAMES = [
  'url',
  'workerUrl',
  'downstreamUrl',
  'storagePath',
  'configPath',
  'releasesPath',
  'backupRepository',
  'backupCopy',
  'backupPasswordFile',
  'prometheusUrl',
  'alertmanagerUrl',
] as const

/** The facts of a running lab; those of Prometheus and Alertmanager only where they run. */
export type LabTarget = Readonly<Partial<Record<(typeof FACT_NAMES)[number], string>>>

/** What is known of the lab before it is up. */
export const profile: LabProfile = {
  name: 'Upload Bridge',
  facts: Object.fromEntries(FACT_NAMES.map(name => [name, 'string' as const])),
  services: SERVICE_NAMES,
}
