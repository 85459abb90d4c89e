import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Registry } from 'prom-client'
import { createApiParts } from '../../src/bridge/api/api-parts.ts'
import { LiveConfiguration } from '../../src/bridge/configuration/live-configuration.ts'
import { configurationSchema } from '../../src/bridge/configuration/schema.ts'
import { createCertificateMetric } from '../../src/bridge/telemetry/served-certificates.ts'
import { createWorkerMetrics } from '../../src/bridge/worker/metrics.ts'

/** A metric, as a process of Upload Bridge registers it. */
export interface CollectedMetric {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
  /** The processes that have it. */
  readonly programs: readonly ('API' | 'worker')[]
}

/** Every metric of both processes: the parts of each are really put together, and asked for what they registered. */
export async function collectMetrics(): Promise<readonly CollectedMetric[]> {
  const folder = await mkdtemp(join(tmpdir(), 'metrics-'))
  const live = makeConfiguration(folder)
  const context = {
    live,
    version: 'x',
    bundleFolder: folder,
    log: pino({ level: 'silent' }),
    logged: { bytes: 0 },
    audit: () => {},
    stop: new AbortController().signal,
  }
  const running = await createApiParts(context)
  try {
    const api = list(running.parts.registry, 'API')
    const { registry } = createWorkerMetrics(live, 'x', context.logged)
    createCertificateMetric(registry, { served: [] })
    const worker = list(registry, 'worker')
    const both = (name: string) => worker.some(metric => metric.name === name)
    return [
      ...api.map(metric => (both(metric.name) ? { ...metric, programs: ['API', 'worker'] as const } : metric)),
      ...worker.filter(metric => !api.some(({ name }) => name === metric.name)),
    ].sort((a, b) => a.name.localeCompare(b.name))
  } finally {
    await running.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

// Nothing listens on the database's port: what is registered does not depend on it.
function makeConfiguration(folder: string): LiveConfiguration {
  const configuration = configurationSchema.parse({
    environment: 'none',
    api: { port: 0 },
    worker: { port: 0 },
    database: { url: 'postgres://nobody@127.0.0.1:1/none' },
    storage: { path: join(folder, 'storage') },
    state: { path: join(folder, 'state') },
    downstream: { url: 'http://127.0.0.1:1/' },
    releases: { path: join(folder, 'releases') },
  })
  return new LiveConfiguration(configuration, async () => configuration)
}

function list(registry: Registry, program: 'API' | 'worker'): CollectedMetric[] {
  return registry.getMetricsAsArray().map(metric => ({
    name: metric.name,
    type: String(metric.type),
    help: metric.help,
    labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
    programs: [program],
  }))
}
