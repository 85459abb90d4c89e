import type { FastifyInstance } from 'fastify'
import { readAdmission } from '../../admission/admission.ts'
import { readSpace } from '../../storage/space.ts'
import { type HealthCheck, healthMediaType, healthStatusCode, reportHealth } from '../../telemetry/health.ts'
import type { Service } from '../service.ts'

/** `GET /readyz`: whether to send requests here; 503 when something fails or the process is shutting down. */
export function getReadyz(app: FastifyInstance, service: Service): void {
  app.get('/readyz', async (_request, reply) => {
    const report = reportHealth(service.version, {
      database: checkDatabase(service),
      storage: await checkStorage(service),
      admission: await checkAdmission(service),
      ...(service.drain.hasBegun ? { shutdown: { status: 'fail', output: 'draining' } as const } : {}),
    })
    reply.code(healthStatusCode(report))
    reply.header('Content-Type', healthMediaType).header('Cache-Control', 'no-store')
    if (report.status === 'fail') reply.header('Retry-After', 5)
    return reply.send(JSON.stringify(report))
  })
}

function checkDatabase(service: Service): HealthCheck {
  return service.monitor.isUp ? { status: 'pass' } : { status: 'fail', output: 'the database does not answer' }
}

// A full volume still serves and finishes what has begun, so it is no reason to take the process out of rotation.
async function checkStorage({ configuration: { storage } }: Service): Promise<HealthCheck> {
  try {
    const { available } = await readSpace(storage.path)
    if (available >= storage.reserve) return { status: 'pass' }
    return { status: 'warn', output: `${available} bytes are free, fewer than the reserve of ${storage.reserve}` }
  } catch (error) {
    return { status: 'fail', output: String(error) }
  }
}

async function checkAdmission({ configuration: { state } }: Service): Promise<HealthCheck> {
  try {
    const admission = await readAdmission(state.path)
    return admission.open ? { status: 'pass' } : { status: 'warn', output: `closed: ${admission.reason}` }
  } catch (error) {
    return { status: 'warn', output: String(error) }
  }
}
