import { Gauge, type Registry } from 'prom-client'
import { hashConfiguration } from '../configuration/effective-configuration.ts'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'

/** Makes the gauges that tell whether the configuration in force is the one that is written; named as Prometheus’ own. */
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
