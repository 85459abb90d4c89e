import { below, takeCredentials } from './fetch-json.ts'
import { isRecord } from './json-shape.ts'

/** Alerts to silence, until when, by whom and why. */
export interface Silencing {
  readonly alerts: readonly string[]
  readonly until: Date
  readonly by: string
  readonly comment: string
}

/** A silence that is or will be in force. */
export interface Silence {
  readonly id: string
  readonly comment: string
}

/** Silences alerts by their names, and returns the silence's id. Throws when Alertmanager does not take it. */
export async function createSilence(url: string, { alerts, until, by, comment }: Silencing): Promise<string> {
  const body = await call(below(url, 'api/v2/silences'), 'POST', {
    matchers: [{ name: 'alertname', value: alerts.join('|'), isRegex: true, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: until.toISOString(),
    createdBy: by,
    comment,
  })
  const { silenceID } = Object(JSON.parse(body))
  if (typeof silenceID !== 'string') throw new Error(`${new URL(url).origin} did not say which silence it made`)
  return silenceID
}

/** The silences that have not ended. Throws when Alertmanager does not answer. */
export async function listSilences(url: string): Promise<Silence[]> {
  const list: unknown = JSON.parse(await call(below(url, 'api/v2/silences'), 'GET'))
  if (!Array.isArray(list)) throw new Error(`${new URL(url).origin} did not answer with a list of silences`)
  return list.flatMap((silence: unknown) => {
    if (!isRecord(silence) || !isRecord(silence.status) || silence.status.state === 'expired') return []
    const { id, comment } = silence
    return typeof id === 'string' && typeof comment === 'string' ? [{ id, comment }] : []
  })
}

/** Ends a silence. Throws when Alertmanager does not answer, or knows no such silence. */
export async function endSilence(url: string, id: string): Promise<void> {
  await call(below(url, `api/v2/silence/${id}`), 'DELETE')
}

async function call(url: URL, method: string, body?: unknown): Promise<string> {
  const { address, headers } = takeCredentials(url)
  const response = await fetch(address, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  }).catch(cause => {
    throw new Error(`${url.origin} does not answer`, { cause })
  })
  const text = await response.text()
  if (response.ok) return text
  throw new Error(`${url.origin} answered ${response.status}: ${text.slice(0, 300).trim()}`)
}
