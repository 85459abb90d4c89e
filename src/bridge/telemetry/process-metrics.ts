import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { hashConfiguration } from '../configuration/effective-configuration.ts'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'

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

// Gauges with names like counters, which Prometheus' linter reports. Similar gauges by type have no `_total`.
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Makes the gauges that say whether the configuration in force is the written one. Their names follow Prometheus’ own. */
export function createConfigurationMetrics(registry: Registry, live: LiveConfiguration): void {
  gauge(registry, 'config_last_reload_successful', 'Whether the configuration was last read with success', () =>
    Number(live.last.successful),
  )
  gauge(registry, 'config_last_reload_success_timestamp_seconds', 'When it was last read with success', () =>
    Math.floor(live.last.succeededAt.getTime() / 1000),
  )
  gauge(registry, 'secret_rotated_timestamp_seconds', 'When the secrets were last replaced, by secrets.rotatedAt', () =>
    secondsOf(live.current.secrets.rotatedAt),
  )
  new Gauge({
    name: 'upload_bridge_config_info',
    help: 'A hash of the configuration in force, without its secrets; always 1',
    labelNames: ['hash'],
    registers: [registry],
    collect() {
      this.reset()
      this.set({ hash: hashConfiguration(live.current) }, 1)
    },
  })
}

/** Makes the gauge of the difference between this process's clock and the database's. It has no sample while it is unknown. */
export function createClockMetric(registry: Registry, offset: () => number | undefined): void {
  gauge(registry, 'clock_offset_seconds', 'How far the clock of the database is ahead of this process', offset)
}

/** Makes the counter of what this process logs. */
export function createLogMetric(registry: Registry, logged: { readonly bytes: number }): void {
  new Counter({
    name: 'upload_bridge_log_bytes_total',
    help: 'Bytes that this process logged',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(logged.bytes)
    },
  })
}

function gauge(registry: Registry, name: string, help: string, read: () => number | undefined): void {
  new Gauge({
    name: `upload_bridge_${name}`,
    help,
    registers: [registry],
    collect() {
      const value = read()
      // A gauge without labels keeps a zero after reset(), so it is removed instead.
      if (value === undefined) this.remove()
      else this.set(value)
    },
  })
}

function secondsOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1000
}
