import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import type { Alert } from '../../alerts/index.ts'
import { demandToken } from '../entrance/demand-token.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { demandEnvironment } from './add-now.ts'

const texts = z.record(z.string(), z.string())
/** Version 4 of what Alertmanager sends. Fields that are not known here are left alone. */
const webhook = z.object({
  version: z.literal('4'),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: texts.check(z.refine(labels => (labels.alertname ?? '') !== '', 'an alert needs an alertname')),
        annotations: z._default(texts, {}),
        startsAt: z.optional(z.string()),
        endsAt: z.optional(z.string()),
        fingerprint: z.optional(z.string()),
      }),
    )
    .check(z.maxLength(1000)),
})

/** Bytes of a group of alerts. */
const LIMIT = 1024 * 1024

/** Takes the alerts that Alertmanager hands over, so that nobody waits for the next question. */
export function addWebhook(app: FastifyInstance, parts: ServerParts): void {
  app.post('/api/alerts', { bodyLimit: LIMIT }, async (request, reply) => {
    demandToken(request, parts.options.tokens.webhook, 'Start it with --webhook-token-file FILE')
    const environment = demandEnvironment(request, parts)
    const read = webhook.safeParse(request.body)
    if (!read.success) {
      const [issue] = read.error.issues
      throw new Refused(
        422,
        'This is no webhook of Alertmanager, version 4',
        `${issue?.path.join('.')}: ${issue?.message}`,
      )
    }
    const { alerts } = read.data
    const of = (status: string) => alerts.filter(alert => alert.status === status).map(readAlert)
    parts.now.push(environment, of('firing'), of('resolved'))
    return reply.code(202).send({ taken: alerts.length })
  })
}

function readAlert({
  labels,
  annotations,
  startsAt = '',
  endsAt = '',
  fingerprint,
}: z.infer<typeof webhook>['alerts'][number]): Alert {
  return {
    labels,
    annotations,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    state: 'active',
    silenced: false,
    inhibited: false,
    fingerprint: fingerprint ?? JSON.stringify(Object.entries(labels).toSorted()),
  }
}
