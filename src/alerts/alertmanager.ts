import { below, fetchJson } from './fetch-json.ts'
import { isRecord, stringMap } from './json-shape.ts'

/** The labels that an alert must have to be found. */
export type AlertMatcher = Readonly<Record<string, string>>

/** An alert of Alertmanager (API v2); unknown fields are ignored. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: Date
  readonly endsAt: Date
  readonly state: 'active' | 'suppressed' | 'unprocessed'
  /** Whether a silence matches it. */
  readonly silenced: boolean
  /** Whether another alert inhibits it. */
  readonly inhibited: boolean
  readonly fingerprint: string
}

/**
 * The alerts of an Alertmanager that have not ended, with silenced and inhibited ones; with a matcher, only those with equal labels.
 * Throws when Alertmanager does not answer.
 */
export async function listAlerts(
  url: string,
  matcher: AlertMatcher = {},
  signal?: AbortSignal,
): Promise<readonly Alert[]> {
  const filters = Object.entries(matcher).map(
    ([name, value]) => ['filter', `${name}=${JSON.stringify(value)}`] as const,
  )
  const kinds = ['active', 'silenced', 'inhibited', 'unprocessed'].map(kind => [kind, 'true'] as const)
  const body = await fetchJson(below(url, 'api/v2/alerts', [...kinds, ...filters]), signal)
  if (!Array.isArray(body)) throw new Error(`${url} did not answer with a list of alerts`)
  return body.map(readAlert)
}

function readAlert(body: unknown): Alert {
  if (!isRecord(body)) throw new Error('Alertmanager gave an alert that is not an object')
  const labels = stringMap(body.labels)
  if (!labels.alertname) throw new Error('Alertmanager gave an alert without a name')
  const status = isRecord(body.status) ? body.status : {}
  return {
    labels,
    annotations: stringMap(body.annotations),
    startsAt: new Date(String(body.startsAt)),
    endsAt: new Date(String(body.endsAt)),
    state: readState(status.state),
    silenced: isFilled(status.silencedBy),
    inhibited: isFilled(status.inhibitedBy),
    fingerprint: typeof body.fingerprint === 'string' ? body.fingerprint : JSON.stringify(labels),
  }
}

function readState(state: unknown): Alert['state'] {
  return state === 'active' || state === 'suppressed' ? state : 'unprocessed'
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}
