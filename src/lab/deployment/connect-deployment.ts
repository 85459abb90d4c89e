import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { callService } from '../customer/call-service.ts'
import type { Deployment } from '../kit/fault.ts'
import { alertmanagerConfigPath, prometheusConfigPath, prometheusDataPath } from '../monitoring/monitoring.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import type { ServiceName } from '../status.ts'
import { bridgeConfig, operatorKeyFile, readKeyFile } from './bridge-config.ts'

/** The deployment as faults see it. */
export function connectDeployment(plan: LabPlan, found: Found): Deployment {
  const { storage, databaseUrl, readKeyFile, customer, proxy, databaseVolume, scanner } = found
  const { paths, registry } = plan
  const findService = serviceFinder(plan)
  return {
    customer,
    readKeyFile,
    databaseUrl,
    administratorFile: paths.administrator,
    databaseVolume,
    downstreamUrl: plan.downstreamUrl,
    storagePath: paths.storage,
    storage,
    releasesPath: paths.releases,
    configPath: paths.config,
    backupPath: paths.backup,
    notesPath: join(paths.data, 'faults'),
    monitoring: connectMonitoring(plan),
    proxy: proxy && { ...proxy, reload: () => findService('proxy').reload() },
    scanner,
    signal: registry.supervision.signal,
    readMetrics: () => readMetrics(plan, readKeyFile),
    bridgectl: (...args) => callBridgectl(plan, args),
    pid: name => registry.find(name)?.known?.pid,
    start: (name, env) => findService(name).start(env),
    stop: name => findService(name).stop(),
    restart: name => findService(name).restart(),
  }
}

/** What is known only when the parts run. */
interface Found extends Pick<Deployment, 'storage' | 'databaseUrl' | 'readKeyFile' | 'customer'> {
  readonly databaseVolume?: Deployment['databaseVolume']
  readonly scanner?: Deployment['scanner']
  readonly proxy?: Omit<NonNullable<Deployment['proxy']>, 'reload'>
}

async function readMetrics({ ports, registry }: LabPlan, keyFile: string): Promise<string> {
  const { signal } = registry.supervision
  return (await callService({ url: `http://127.0.0.1:${ports.api}`, keyFile }, '/metrics', { signal })).text
}

/** Finds the process of a service. It throws `LabError` for one that this lab does not have. */
export function serviceFinder({ registry }: LabPlan): (name: ServiceName) => ManagedProcess {
  return name => {
    const found = registry.find(name)
    if (found) return found
    throw new LabError('unknown-command', `this lab has no ${name}; npm run setup installs what the lab can use`)
  }
}

function connectMonitoring({ paths, prometheusUrl, alertmanagerUrl, registry }: LabPlan): Deployment['monitoring'] {
  const prometheus = registry.find('prometheus')
  const alertmanager = registry.find('alertmanager')
  if (!prometheus || !alertmanager) return undefined
  return {
    prometheusUrl,
    dataPath: prometheusDataPath(paths),
    configPath: prometheusConfigPath(paths),
    reload: () => prometheus.reload(),
    alertmanager: {
      url: alertmanagerUrl,
      configPath: alertmanagerConfigPath(paths),
      reload: () => alertmanager.reload(),
    },
  }
}

/** Runs the operators' command against this lab. */
export async function callBridgectl(plan: LabPlan, args: readonly string[]): Promise<void> {
  const { paths, env, url, registry } = plan
  await registry.run({
    name: 'bridgectl',
    command: [join(paths.bin, 'bridgectl'), ...args],
    cwd: paths.directory,
    env: { ...env, UPLOAD_BRIDGE_CONFIG: paths.config, UPLOAD_BRIDGE_URL: url },
    log: logPath(plan, 'bridgectl'),
  })
}

/**
 * Makes the operators' API key with `bridgectl`, as operators do, and configures `bridgectl` to use it. Makes the key with which the
 * handbook's pages read. The releases must be installed before.
 */
export async function createApiKeys(plan: LabPlan, databaseUrl: string): Promise<void> {
  const file = operatorKeyFile(plan)
  await callBridgectl(plan, ['keys', 'create', 'lab', '--role', 'operate', '--output', file])
  await callBridgectl(plan, ['keys', 'create', 'handbook', '--role', 'read', '--output', readKeyFile(plan)])
  await writeFile(plan.paths.config, bridgeConfig(plan, databaseUrl, file), { mode: 0o600 })
}

/** Reads the operators' API key. */
export async function readApiKey(plan: LabPlan): Promise<string> {
  return (await readFile(operatorKeyFile(plan), 'utf8')).trim()
}
