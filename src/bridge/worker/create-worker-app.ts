import { type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'
import { securityHeaders } from '../api/transport.ts'
import { readSpace } from '../storage/layout.ts'
import {
  checkPatience,
  connectTo,
  healthMediaType,
  healthStatusCode,
  reportHealth,
  runCheck,
} from '../telemetry/health.ts'

/** The sources of the worker’s health and metrics. */
export interface WorkerFacts {
  readonly version: string
  readonly registry: Registry
  readonly storagePath: string
  readonly downstreamUrl: () => string
  readonly showsVersion: () => boolean
  readonly isWorking: () => boolean
  readonly isDraining: () => boolean
}

/** Makes the worker’s HTTP application: health and metrics, nothing else. */
export function createWorkerApp(facts: WorkerFacts): FastifyInstance {
  const app: FastifyInstance = fastify({ logger: false, forceCloseConnections: true })
  app.addHook('onRequest', async (_request, reply) => {
    if (facts.showsVersion()) reply.header('X-Upload-Bridge-Version', facts.version)
    reply.headers(securityHeaders)
  })
  app.get('/livez', async (_request, reply) =>
    reply.header('Content-Type', healthMediaType).send(JSON.stringify(reportHealth(versionOf(facts), {}))),
  )
  app.get('/readyz', async (_request, reply) => {
    const [storage, downstream] = await Promise.all([
      runCheck('fail', () => checkStorage(facts.storagePath)),
      runCheck('warn', () => connectTo(facts.downstreamUrl(), checkPatience)),
    ])
    const report = reportHealth(versionOf(facts), {
      database: facts.isWorking() ? { status: 'pass' } : { status: 'fail', output: 'not connected to the queue' },
      storage,
      downstream,
      ...(facts.isDraining() ? { shutdown: { status: 'fail', output: 'draining' } as const } : {}),
    })
    return reply.code(healthStatusCode(report)).header('Content-Type', healthMediaType).send(JSON.stringify(report))
  })
  app.get('/metrics', async (_request, reply) =>
    reply.header('Content-Type', facts.registry.contentType).send(await facts.registry.metrics()),
  )
  return app
}

function versionOf({ version, showsVersion }: WorkerFacts): string | undefined {
  return showsVersion() ? version : undefined
}

async function checkStorage(path: string): Promise<undefined> {
  await readSpace(path)
}
