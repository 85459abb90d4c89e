import { join } from 'node:path'
import { stringify } from 'yaml'
import type { LabPlan } from '../plan/lab-plan.ts'

/** The configuration of a lab's Upload Bridge. The times that operators wait for are divided by the time scale. */
export function bridgeConfig(
  { paths, ports, downstreamUrl, timeScale }: LabPlan,
  databaseUrl: string,
  apiKeyFile?: string,
): string {
  const scaled = (seconds: number, atLeast: number) => `${Math.max(Math.round(seconds / timeScale), atLeast)}s`
  return stringify({
    environment: 'lab',
    api: { host: '127.0.0.1', port: ports.api, showVersion: true },
    worker: { host: '127.0.0.1', port: ports.worker, concurrency: 4 },
    database: { url: databaseUrl, connectionTimeout: '2s', statementTimeout: '5s', poolSize: 10 },
    storage: { path: paths.storage, reserve: '4MiB', maxUploadSize: '5GiB', retainDelivered: scaled(3600, 10) },
    state: { path: join(paths.data, 'state') },
    downstream: {
      url: `${downstreamUrl}/deliveries`,
      receivedUrl: `${downstreamUrl}/received`,
      timeout: scaled(10, 5),
      retry: { initial: '1s', max: scaled(300, 2) },
    },
    // Each client may announce sixteen times the volume's size within the time that is an hour in production.
    limits: { window: scaled(3600, 10), bytesPerWindow: '4GiB' },
    // Keys are recognised but not required, so that faults and drills can send uploads like anybody.
    auth: { required: false },
    ...(apiKeyFile === undefined ? {} : { bridgectl: { apiKeyFile } }),
    releases: { path: paths.releases },
    log: { level: 'info' },
    // The database's password and the API key are made when the lab comes up.
    secrets: { rotatedAt: new Date().toISOString() },
  })
}

/** The file of the operators' key. */
export function operatorKeyFile({ paths }: LabPlan): string {
  return join(paths.data, 'operator.key')
}

/** The file of the key with which the handbook's pages read. */
export function readKeyFile({ paths }: LabPlan): string {
  return join(paths.data, 'read.key')
}
