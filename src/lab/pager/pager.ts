import { createServer, type IncomingMessage, type Server } from 'node:http'
import { json } from 'node:stream/consumers'

/** A notification of Alertmanager, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
interface Notification {
  readonly groupKey: string
  readonly alerts: readonly { readonly status: 'firing' | 'resolved'; readonly labels: Record<string, string> }[]
}

/** A group of alerts of which a receiver was told that it fires, once, until it heard that all of them had ended. */
interface Told {
  readonly receiver: string
  /** When it was told first: ISO 8601, UTC. */
  readonly at: string
  readonly group: string
  readonly alerts: { readonly name: string; readonly severity?: string }[]
  ended?: string
}

/**
 * Every receiver of a lab's Alertmanager, each at `POST /<its name>`. As a pager does, it takes repeats and additions for what it was told
 * before, until all has ended. `GET /` lists what each receiver was told.
 */
export function createPager(now: () => Date = () => new Date()): Server {
  const told: Told[] = []
  return createServer((request, response) => {
    answer(request).then(
      body => response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`),
      error => response.writeHead(400).end(`${error instanceof Error ? error.message : error}\n`),
    )
  })

  async function answer(request: IncomingMessage): Promise<unknown> {
    if (request.method === 'POST') hear((request.url ?? '').slice(1), readNotification(await json(request)))
    return { notifications: told }
  }

  function hear(receiver: string, { groupKey: group, alerts }: Notification): void {
    const firing = alerts.filter(({ status }) => status === 'firing')
    const open = told.find(one => one.receiver === receiver && one.group === group && one.ended === undefined)
    const at = now().toISOString()
    if (firing.length === 0) {
      if (open) open.ended = at
      return
    }
    const one = open ?? { receiver, at, group, alerts: [] }
    if (!open) told.push(one)
    for (const { labels } of firing) {
      const { alertname: name = '', severity } = labels
      if (one.alerts.some(alert => alert.name === name && alert.severity === severity)) continue
      one.alerts.push({ name, ...(severity === undefined ? {} : { severity }) })
    }
  }
}

function readNotification(body: unknown): Notification {
  const { groupKey, alerts } = Object(body)
  if (typeof groupKey !== 'string' || !Array.isArray(alerts)) throw new TypeError('this is no notification')
  return { groupKey, alerts }
}
