import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { createConfigurationMetrics, createLogMetric, createRegistry } from '../telemetry/process-metrics.ts'
import { type DeliveryResult, deliveryResults } from './send-downstream.ts'

/** The metrics of the worker, and how to set them. */
interface WorkerMetrics {
  readonly registry: Registry
  readonly countAttempt: CountAttempt
  readonly countCrash: () => void
  readonly setCircuitOpen: (isOpen: boolean) => void
  readonly scrubMetrics: ScrubMetrics
}

/** Makes every metric of the worker. */
export function createWorkerMetrics(
  live: LiveConfiguration,
  version: string,
  logged: { readonly bytes: number },
): WorkerMetrics {
  const registry = createRegistry(version)
  createConfigurationMetrics(registry, live)
  createLogMetric(registry, logged)
  const circuit = new Gauge({
    name: 'upload_bridge_delivery_circuit_open',
    help: 'Whether attempts are held back because downstream is away',
    registers: [registry],
  })
  const crashes = new Counter({
    name: 'upload_bridge_deliveries_crashed_total',
    help: 'Deliveries during which another worker died, as this one found them',
    registers: [registry],
  })
  return {
    registry,
    countAttempt: createDeliveryMetrics(registry),
    countCrash: () => crashes.inc(),
    scrubMetrics: createScrubMetrics(registry),
    setCircuitOpen: isOpen => circuit.set(Number(isOpen)),
  }
}

/** Counts one attempt and how long it took. */
export type CountAttempt = (result: DeliveryResult['result'], seconds: number) => void

/** Makes the metrics of delivery attempts. */
function createDeliveryMetrics(registry: Registry): CountAttempt {
  const attempts = new Counter({
    name: 'upload_bridge_delivery_attempts_total',
    help: 'Delivery attempts by how they ended',
    labelNames: ['result'],
    registers: [registry],
  })
  const acknowledged = new Counter({
    name: 'upload_bridge_deliveries_acknowledged_total',
    help: 'Uploads that downstream acknowledged',
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'upload_bridge_delivery_duration_seconds',
    help: 'Time that a delivery attempt took',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers: [registry],
  })
  for (const result of deliveryResults) attempts.inc({ result }, 0)
  return (result, seconds) => {
    attempts.inc({ result })
    durations.observe(seconds)
    if (result === 'acknowledged') acknowledged.inc()
  }
}

/** Counts what the scrub of the uploads at rest does. */
export interface ScrubMetrics {
  readonly countChecked: () => void
  readonly countBytes: (bytes: number) => void
  readonly countDamaged: () => void
  readonly succeed: () => void
}

function createScrubMetrics(registry: Registry): ScrubMetrics {
  const registers = [registry]
  const checked = new Counter({
    name: 'upload_bridge_scrub_checked_total',
    help: 'Acknowledged uploads at rest whose bytes were read again',
    registers,
  })
  const bytes = new Counter({
    name: 'upload_bridge_scrub_checked_bytes_total',
    help: 'Bytes that were read for it',
    registers,
  })
  const damaged = new Counter({
    name: 'upload_bridge_scrub_damaged_total',
    help: 'Acknowledged uploads that were found missing or damaged at rest',
    registers,
  })
  const lastSuccess = new Gauge({
    name: 'upload_bridge_scrub_last_success_timestamp_seconds',
    help: 'When every upload at rest had been read within storage.scrub.every; 0 is never, or that another worker scrubs',
    registers,
  })
  return {
    countChecked: () => checked.inc(),
    countBytes: count => bytes.inc(count),
    countDamaged: () => damaged.inc(),
    succeed: () => lastSuccess.setToCurrentTime(),
  }
}
