import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

/** Who watches an environment, and is asked by the handbook. */
export const monitoringKeys = {
  prometheusUrl: documentKey('The URL of Prometheus, which is asked for metrics', z.optional(z.url())),
  alertmanagerUrl: documentKey('The URL of Alertmanager, which is asked for firing alerts', z.optional(z.url())),
  deadMansSwitch: documentKey(
    'What waits for an alert that always fires: the `alert`, and the `url` that answers 2xx while it arrives and 503 when it stopped',
    z.optional(z.strictObject({ alert: z.string(), url: z.url() })),
  ),
}

/** What happens when an alert of an environment arrives. */
export const onAlertKey = documentKey(
  'What `handbook serve` does when an alert arrives: `diagnose` runs the steps of its page that are marked `cheap`; without it, nothing runs',
  z.optional(z.literal('diagnose')),
)
