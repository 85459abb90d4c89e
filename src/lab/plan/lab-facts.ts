import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readKeyFile } from '../deployment/bridge-config.ts'
import { serviceCommands } from '../deployment/programs.ts'
import { WAKING } from '../monitoring/alertmanager-config.ts'
import { alertmanagerConfigPath } from '../monitoring/monitoring.ts'
import { type BridgeLabStatus, PRACTICE } from '../status.ts'
import type { LabPlan } from './lab-plan.ts'
import { listNotProven } from './not-proven.ts'

/** The facts of a lab that do not change while it runs. */
export type FixedFacts = Omit<BridgeLabStatus, 'state' | 'faults' | 'processes' | 'started'>

/** The facts that are known only when the parts run. */
export interface FoundFacts extends Pick<BridgeLabStatus, 'databaseUrl' | 'storage'> {
  readonly apiKey: string
  readonly hasMonitoring: boolean
}

/** Collects the facts of a lab for other programs and people. */
export function labFacts(plan: LabPlan, { apiKey, databaseUrl, storage, hasMonitoring }: FoundFacts): FixedFacts {
  const { paths, url, workerUrl, downstreamUrl, prometheusUrl, alertmanagerUrl, deadMansSwitchUrl, timeScale } = plan
  const monitoring = hasMonitoring ? { prometheusUrl, alertmanagerUrl } : {}
  const hasPager = plan.registry.find('pager') !== undefined
  const hasSwitch = plan.registry.find('dead-mans-switch') !== undefined
  const backup = {
    repository: join(paths.backup, 'repository'),
    copy: join(paths.backup, 'copy'),
    passwordFile: join(paths.backup, 'password'),
  }
  const variables = { UPLOAD_BRIDGE_CONFIG: paths.config, UPLOAD_BRIDGE_URL: url }
  return {
    id: randomBytes(6).toString('hex'),
    ...(plan.built === undefined ? {} : { built: plan.built }),
    ...describeProfile(plan, storage),
    url,
    apiKey,
    readKeyFile: readKeyFile(plan),
    customer: { url },
    downstreamUrl,
    workerUrl,
    ...monitoring,
    ...(hasSwitch ? { deadMansSwitch: { alert: 'Watchdog', url: deadMansSwitchUrl } } : {}),
    ...(hasPager ? { notifications: { url: plan.pagerUrl, waking: WAKING } } : {}),
    storagePath: paths.storage,
    storage,
    directory: paths.directory,
    configPath: paths.config,
    databaseUrl,
    releasesPath: paths.releases,
    backup,
    binPath: paths.bin,
    logsPath: paths.logs,
    timeScale,
    target: {
      url,
      metricsUrl: `http://127.0.0.1:${plan.ports.api}/metrics`,
      workerUrl,
      downstreamUrl,
      storagePath: paths.storage,
      configPath: paths.config,
      releasesPath: paths.releases,
      backupRepository: backup.repository,
      backupCopy: backup.copy,
      backupPasswordFile: backup.passwordFile,
      databaseAdministratorFile: paths.administrator,
      ...monitoring,
      ...(hasMonitoring ? { alertmanagerConfigPath: alertmanagerConfigPath(paths) } : {}),
      ...(hasSwitch ? { deadMansSwitchUrl } : {}),
    },
    services: {
      api: serviceCommands(plan, 'api'),
      worker: serviceCommands(plan, 'worker'),
      downstream: serviceCommands(plan, 'downstream'),
      database: serviceCommands(plan, 'database'),
      ...(hasMonitoring
        ? { prometheus: serviceCommands(plan, 'prometheus'), alertmanager: serviceCommands(plan, 'alertmanager') }
        : {}),
    },
    path: [paths.bin],
    variables,
    secrets: { readKey: { file: readKeyFile(plan), for: 'read' } },
    places: {
      'Upload Bridge': url,
      downstream: `${downstreamUrl}/received`,
      ...(hasMonitoring ? { Prometheus: `${prometheusUrl}/alerts`, Alertmanager: alertmanagerUrl } : {}),
      storage: paths.storage,
      logs: paths.logs,
      bridgectl: `UPLOAD_BRIDGE_CONFIG=${paths.config} UPLOAD_BRIDGE_URL=${url} ${paths.bin}/bridgectl`,
    },
  }
}

/** A lab that lacks something of what was asked for may not be called by that name. */
function describeProfile(
  plan: LabPlan,
  storage: FoundFacts['storage'],
): Pick<FixedFacts, 'profile' | 'partial' | 'notProven'> {
  const isPartial = plan.partial !== undefined && plan.partial.length > 0
  const profile = isPartial ? 'partial' : PRACTICE
  const size = storage.kind === 'volume' ? { sizeBytes: storage.sizeBytes } : {}
  return {
    profile,
    ...(isPartial ? { partial: plan.partial } : {}),
    notProven: listNotProven(plan, { profile, ...size }),
  }
}
