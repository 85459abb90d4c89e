import type { FastifyInstance } from 'fastify'
import { healthMediaType, reportHealth } from '../../telemetry/health.ts'
import type { Service } from '../service.ts'
import { shownVersion } from '../shown-version.ts'

/** `GET /livez`: the process runs, whatever it depends on. */
export function getLivez(app: FastifyInstance, service: Service): void {
  app.get('/livez', async (_request, reply) => {
    reply.header('Content-Type', healthMediaType)
    return reply.send(JSON.stringify(reportHealth(shownVersion(service), {})))
  })
}
