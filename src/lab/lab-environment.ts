import type { Environment } from '../environments/index.ts'
import type { LabStatus } from './lab.ts'

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

/** A running lab as an environment in which procedures run: everything is allowed there. */
export function labEnvironment(status: LabStatus): Environment {
  const { prometheusUrl, alertmanagerUrl } = status
  const monitoring = {
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
  }
  const target: Partial<Record<(typeof FACT_NAMES)[number], string>> = {
    url: status.url,
    workerUrl: status.workerUrl,
    downstreamUrl: status.downstreamUrl,
    storagePath: status.storagePath,
    configPath: status.configPath,
    releasesPath: status.releasesPath,
    backupRepository: status.backup.repository,
    backupCopy: status.backup.copy,
    backupPasswordFile: status.backup.passwordFile,
    ...monitoring,
  }
  return {
    name: 'lab',
    auto: 'danger',
    protected: false,
    approvers: {},
    target,
    services: status.services,
    path: [status.binPath],
    variables: { UPLOAD_BRIDGE_CONFIG: status.configPath, UPLOAD_BRIDGE_URL: status.url },
    secrets: { readKey: { file: status.readKeyFile, for: 'read' } },
    hosts: [],
    ...monitoring,
  }
}
