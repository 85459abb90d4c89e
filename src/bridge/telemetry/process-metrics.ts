import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Makes a registry with the runtime's own metrics and the release that runs. */
export function createRegistry(version: string): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'upload_bridge_build_info',
    help: 'The release that runs; always 1',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  return registry
}
