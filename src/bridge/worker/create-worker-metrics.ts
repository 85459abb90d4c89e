import type { Registry } from 'prom-client'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { createConfigurationMetrics, createRegistry } from '../telemetry/process-metrics.ts'
import { type CountAttempt, createDeliveryMetrics } from './delivery-metrics.ts'

/** Makes every metric of the worker; returns what counts a delivery attempt. */
export function createWorkerMetrics(
  live: LiveConfiguration,
  version: string,
): { readonly registry: Registry; readonly countAttempt: CountAttempt } {
  const registry = createRegistry(version)
  createConfigurationMetrics(registry, live)
  return { registry, countAttempt: createDeliveryMetrics(registry) }
}
