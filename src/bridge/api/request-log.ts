import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { Service } from './service.ts'

// What monitoring asks for by itself is no traffic.
const probes = new Set(['/livez', '/readyz', '/metrics'])

/** Marks, counts and logs every request, and refuses new work while the process shuts down. */
export function registerRequestLog(app: FastifyInstance, service: Service): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Upload-Bridge-Version', service.version)
    reply.header('X-Request-Id', request.id)
    if (probes.has(routeOf(request))) return
    if (service.drain.hasBegun) throw new BridgeProblem('draining', { retryAfter: 1 })
    service.drain.track(reply.raw)
  })
  app.addHook('onSend', async (request, reply) => {
    // Closing on a client that still sends would take our answer away from it.
    if (service.drain.hasBegun && request.raw.complete) reply.header('Connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => answered(service, request, reply))
}

function answered(service: Service, request: FastifyRequest, reply: FastifyReply): void {
  const route = routeOf(request)
  const seconds = reply.elapsedTime / 1000
  const isProbe = probes.has(route)
  if (!isProbe) service.countRequest({ method: request.method, route, code: reply.statusCode, seconds })
  service.log[isProbe ? 'debug' : 'info'](
    {
      'http.request.id': request.id,
      'http.request.method': request.method,
      'url.path': request.url,
      'http.response.status_code': reply.statusCode,
      'event.duration': Math.round(seconds * 1e9),
      'client.address': request.ip,
    },
    'request answered',
  )
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched'
}
