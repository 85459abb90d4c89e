import { join } from 'node:path'
import { readKeyFile } from '../deployment/key-files.ts'
import { serviceCommands } from '../deployment/lab-programs.ts'
import type { LabStatus } from '../lab.ts'
import type { LabPlan } from './lab-plan.ts'

/** The facts of a lab that stay the same while it runs. */
export type LabFacts = Omit<LabStatus, 'state' | 'faults' | 'processes'>

/** What is known only when the parts are there. */
interface FoundFacts extends Pick<LabStatus, 'databaseUrl' | 'storage'> {
  readonly apiKey: string
  readonly hasMonitoring: boolean
}

/** Gathers what others need to know of a lab. */
export function labFacts(plan: LabPlan, { apiKey, databaseUrl, storage, hasMonitoring }: FoundFacts): LabFacts {
  const { paths, url, workerUrl, downstreamUrl, prometheusUrl, alertmanagerUrl, timeScale } = plan
  return {
    url,
    apiKey,
    readKeyFile: readKeyFile(plan),
    downstreamUrl,
    workerUrl,
    ...(hasMonitoring ? { prometheusUrl, alertmanagerUrl } : {}),
    storagePath: paths.storage,
    storage,
    directory: paths.directory,
    configPath: paths.config,
    databaseUrl,
    releasesPath: paths.releases,
    backup: {
      repository: join(paths.backup, 'repository'),
      copy: join(paths.backup, 'copy'),
      passwordFile: join(paths.backup, 'password'),
    },
    binPath: paths.bin,
    logsPath: paths.logs,
    timeScale,
    services: {
      api: serviceCommands(plan, 'api'),
      worker: serviceCommands(plan, 'worker'),
      downstream: serviceCommands(plan, 'downstream'),
      database: serviceCommands(plan, 'database'),
    },
  }
}
