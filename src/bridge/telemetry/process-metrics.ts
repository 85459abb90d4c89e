import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Makes a registry with the runtime's own metrics and the release that runs. */
export function createRegistry(version: string): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  new Gauge({
    name: 'upload_bridge_build_info',
    help: 'The release that runs; always 1',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  return registry
}

// Gauges called as counters are, which Prometheus' linter minds; their like by type are there without `_total`.
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']
