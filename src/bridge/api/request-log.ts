import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { Service } from './service.ts'

const quietRoutes = new Set(['/livez', '/readyz', '/metrics'])

/** Marks, counts and logs every request, and refuses new work while the process shuts down. */
export function registerRequestLog(app: FastifyInstance, service: Service): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Upload-Bridge-Version', service.version)
    reply.header('X-Request-Id', request.id)
    if (service.isDraining() && !quietRoutes.has(routeOf(request)))
      throw new BridgeProblem('draining', { retryAfter: 1 })
  })
  app.addHook('onResponse', async (request, reply) => answered(service, request, reply))
}

function answered(service: Service, request: FastifyRequest, reply: FastifyReply): void {
  const route = routeOf(request)
  const seconds = reply.elapsedTime / 1000
  service.countRequest({ method: request.method, route, code: reply.statusCode, seconds })
  service.log[quietRoutes.has(route) ? 'debug' : 'info'](
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
