import type { FastifyInstance } from 'fastify'
import type { Service } from '../service.ts'

/** `GET /metrics`: Prometheus text format. */
export function getMetrics(app: FastifyInstance, service: Service): void {
  app.get('/metrics', async (_request, reply) => {
    await service.observeState()
    return reply.header('Content-Type', service.registry.contentType).send(await service.registry.metrics())
  })
}
