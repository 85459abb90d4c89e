import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { bridgeConfig, readKeyFile } from '../deployment/bridge-config.ts'
import { connectDeployment, createApiKeys, readApiKey, serviceFinder } from '../deployment/connect-deployment.ts'
import { bridgeProgram, installPrograms, sinkProgram } from '../deployment/programs.ts'
import { installReleases } from '../deployment/releases.ts'
import { chooseMonitoring, startMonitoring, waitForFirstLook } from '../monitoring/start-monitoring.ts'
import { labFacts } from '../plan/lab-facts.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { type Postgres, preparePostgres } from '../postgres/postgres.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import { answers, waitUntil } from '../processes/wait-until.ts'
import type { Storage } from '../status.ts'
import { makeVolume } from '../volume/volume.ts'
import { type Progress, SERVING } from './progress.ts'
import type { StartedParts } from './running-lab.ts'

/** The size of the storage volume. */
const VOLUME_BYTES = 256 * 1024 * 1024

/** The longest time for the service to get ready once everything it needs is ready, in milliseconds. */
const READY_LIMIT = 60_000

/** Starts every part of a lab, as many as possible at the same time. */
export async function startParts(plan: LabPlan, progress: Progress): Promise<StartedParts> {
  const { registry, paths, ports, env } = plan
  const { signal } = registry.supervision
  const monitoring = chooseMonitoring(plan)
  const data = join(paths.data, 'postgres')
  const postgres = preparePostgres({
    from: plan.bundles,
    data,
    log: logPath(plan, 'database'),
    port: ports.database,
    env,
  })
  const services = {
    api: registry.add(bridgeProgram(plan, 'api')),
    worker: registry.add(bridgeProgram(plan, 'worker')),
    downstream: registry.add(sinkProgram(plan)),
    database: registry.add(postgres.program),
  }
  await writeFile(paths.config, bridgeConfig(plan, postgres.url), { mode: 0o600 })
  await writeFile(paths.administrator, `${postgres.url}\n`, { mode: 0o600 })
  let storage: Storage = { kind: 'folder', reason: 'it is not there yet' }

  // Prometheus starts first, because it scrapes its targets only 5 s after its start. By then everything else is ready.
  const watching = monitoring ? startMonitoring(plan, monitoring, progress) : []
  const needs = [
    progress.part('storage', async () => {
      const log = logPath(plan, 'volume')
      storage = await makeVolume({ paths, sizeBytes: VOLUME_BYTES, env, log, signal, registry })
      return describeStorage(storage)
    }),
    progress.part('database', () => startDatabase(plan, postgres, services.database)),
    progress.part('releases', async () => {
      await installPrograms(plan)
      const installed = await installReleases(plan)
      await createApiKeys(plan, postgres.url)
      return installed
    }),
  ]
  const downstream = progress.part('downstream', async () => {
    await services.downstream.start()
    return plan.downstreamUrl
  })
  const bridge = [startBridge('api', plan.url), startBridge('worker', plan.workerUrl)]
  const serving = progress.part(SERVING, async () => `${plan.url} answers customers`, [downstream, ...bridge])
  await progress.all([...watching, ...needs, downstream, ...bridge, serving])
  if (monitoring) await progress.part('first look', () => waitForFirstLook(plan))
  return {
    isCopy: false,
    findService: serviceFinder(plan),
    deployment: connectDeployment(plan, {
      ...{ storage, databaseUrl: postgres.url, readKeyFile: readKeyFile(plan) },
      customer: { url: plan.url },
    }),
    facts: labFacts(plan, {
      apiKey: await readApiKey(plan),
      databaseUrl: postgres.url,
      storage,
      hasMonitoring: monitoring !== undefined,
    }),
  }

  function startBridge(name: 'api' | 'worker', url: string): Promise<void> {
    const start = async () => {
      await services[name].start()
      if (await waitUntil(() => answers(`${url}/readyz`), { timeout: READY_LIMIT, signal })) return url
      throw new LabError('part-failed', `${name} did not get ready: ${await sayNotReady(`${url}/readyz`)}`)
    }
    return progress.part(name, start, needs)
  }
}

async function startDatabase({ registry }: LabPlan, postgres: Postgres, service: ManagedProcess): Promise<string> {
  await postgres.initialize(registry)
  await service.start()
  await postgres.createDatabase()
  return `PostgreSQL at 127.0.0.1:${new URL(postgres.url).port}`
}

function describeStorage(storage: Storage): string {
  if (storage.kind === 'volume') return `a volume of ${storage.sizeBytes / 1024 / 1024} MiB`
  return `an ordinary folder, so storage cannot be filled here: ${storage.reason}`
}

async function sayNotReady(url: string): Promise<string> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    response => response.text(),
    () => 'it does not answer',
  )
}
