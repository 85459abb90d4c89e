import type { FastifyInstance } from 'fastify'
import { healthMediaType, healthStatusCode, reportHealth } from '../../telemetry/health.ts'
import { checkDependencies } from '../check-dependencies.ts'
import type { Service } from '../service.ts'
import { shownVersion } from '../shown-version.ts'

/** `GET /readyz`: whether to send requests here; 503 when something fails or the process is shutting down. */
export function getReadyz(app: FastifyInstance, service: Service): void {
  app.get('/readyz', async (_request, reply) => {
    const report = reportHealth(shownVersion(service), {
      ...(await checkDependencies(service)),
      ...(service.drain.hasBegun ? { shutdown: { status: 'fail', output: 'draining' } as const } : {}),
    })
    reply.code(healthStatusCode(report)).header('Content-Type', healthMediaType)
    if (report.status === 'fail') reply.header('Retry-After', 5)
    return reply.send(JSON.stringify(report))
  })
}
