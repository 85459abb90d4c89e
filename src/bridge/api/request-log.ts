import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Authentication } from '../auth/authenticate.ts'
import { isOwn, whoMay } from '../auth/roles.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { type RequestContext, requestContext } from '../telemetry/log.ts'
import type { ApiParts } from './api-parts.ts'

// Requests of the monitoring do not count as traffic.
const probes = new Set(['/livez', '/readyz', '/metrics'])

/** Marks, counts, logs and audits every request, and refuses new work while the process shuts down. */
export function registerRequestLog(app: FastifyInstance, parts: ApiParts): void {
  const contexts = new WeakMap<FastifyRequest, RequestContext>()
  const authentications = new WeakMap<FastifyRequest, Authentication>()
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id)
    const caller = describeCaller(request)
    requestContext.run(caller, identify, parts, request).then(authentication => {
      const context = recogniseCaller(caller, authentication)
      authentications.set(request, authentication)
      contexts.set(request, context)
      requestContext.run(context, done)
    }, done)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (parts.configuration.api.showVersion) reply.header('X-Upload-Bridge-Version', parts.version)
    if (probes.has(routeOf(request))) return
    if (parts.drain.hasBegun) throw new BridgeProblem('draining', { retryAfter: 1 })
    const blocked = contexts.get(request)?.key && parts.blocked.timeLeft(contexts.get(request)?.client ?? '')
    if (blocked !== undefined) throw new BridgeProblem('client-blocked', { retryAfter: Math.ceil(blocked / 1000) })
    const { requestsInFlight, requestsPerKey } = parts.configuration.limits
    if (parts.drain.inFlight >= requestsInFlight) throw new BridgeProblem('overloaded', { retryAfter: 1 })
    const context = contexts.get(request)
    const client = context?.client ?? ''
    // Clients without a key cannot be told apart behind a proxy, and where keys are demanded they are refused at once.
    const share = requestsPerKey === 0 ? Math.ceil(requestsInFlight / 2) : requestsPerKey
    if (context?.key !== undefined && parts.drain.inFlightOf(client) >= share) {
      throw new BridgeProblem('overloaded', { retryAfter: 1, detail: `This key has ${share} requests under way` })
    }
    parts.drain.track(reply.raw, client)
  })
  app.addHook('onRequest', async request => {
    const { required } = parts.configuration.auth
    authorize(request, authentications.get(request) ?? { outcome: 'refused' }, required)
  })
  app.addHook('onSend', async (request, reply) => {
    // A client that is still sending would lose our answer if the connection were closed.
    if (parts.drain.hasBegun && request.raw.complete) reply.header('Connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const context = contexts.get(request)
    if (context !== undefined) requestContext.run(context, () => answered(parts, request, reply))
  })
}

// While keys cannot be read, no key is accepted. Requests without a key are served as before.
async function identify({ authenticate, log }: ApiParts, { headers, ip }: FastifyRequest): Promise<Authentication> {
  try {
    return await authenticate(headers.authorization, ip)
  } catch (error) {
    log.error({ error }, 'the API keys cannot be read')
    return { outcome: 'unreadable' }
  }
}

function answered(parts: ApiParts, request: FastifyRequest, reply: FastifyReply): void {
  const route = routeOf(request)
  const seconds = reply.elapsedTime / 1000
  const isProbe = probes.has(route)
  const facts = { method: request.method, route, code: reply.statusCode, seconds }
  if (!isProbe) parts.countRequest({ ...facts, isOwn: isOwn(requestContext.getStore()?.key) })
  parts.log[isProbe ? 'debug' : 'info'](
    {
      'http.request.method': request.method,
      'http.request.body.bytes': Number(request.headers['content-length'] ?? 0) || 0,
      // Logged without the query: we use no query, and people put secrets into it.
      'url.path': request.url.split('?')[0],
      'http.response.status_code': reply.statusCode,
      'event.duration': Math.round(seconds * 1e9),
      'user_agent.original': request.headers['user-agent'],
    },
    'request answered',
  )
  auditRequest(parts, request, reply)
}

const audited: Readonly<Record<string, string>> = {
  'POST /files/': 'upload.create',
  'POST /uploads': 'upload.create',
  'DELETE /files/:id': 'upload.delete',
  'GET /uploads/:id/content': 'upload.read',
}

function auditRequest({ audit }: ApiParts, request: FastifyRequest<{ Params: unknown }>, reply: FastifyReply): void {
  const action = audited[`${request.method} ${routeOf(request)}`]
  if (action === undefined) return
  const outcome = reply.statusCode < 400 ? 'success' : 'failure'
  const location = String(reply.getHeader('Location') ?? request.url)
  const uploadId = /[\da-f]{32}/.exec(location)?.[0]
  audit({ action, outcome, uploadId, message: `answered with ${reply.statusCode}` })
}

/** The facts of a request before it is handled. */
function describeCaller(request: FastifyRequest): RequestContext {
  const { id, ip } = request
  const { 'upload-metadata': sent } = request.headers
  const metadata = typeof sent === 'string' ? { uploadMetadata: sent } : {}
  return { requestId: id, traceId: chooseTraceId(request), address: ip, client: `address:${ip}`, ...metadata }
}

/** The same, once the caller is known. */
function recogniseCaller(context: RequestContext, authentication: Authentication): RequestContext {
  if (authentication.outcome !== 'recognised') return context
  const { key } = authentication
  return { ...context, client: `key:${key.id}`, key }
}

/** Lets a request through, or throws the reason: 401 for an unknown caller, 403 for a missing permission, 503 while keys cannot be read. */
function authorize(request: FastifyRequest, authentication: Authentication, isRequired: boolean): void {
  const allowed = whoMay(request.method, request.routeOptions.url ?? '')
  if (allowed === 'everybody') return
  switch (authentication.outcome) {
    case 'blocked':
      throw new BridgeProblem('too-many-failures', { retryAfter: 60 })
    case 'refused':
      throw new BridgeProblem('unauthenticated')
    case 'anonymous':
      if (isRequired) throw new BridgeProblem('unauthenticated')
      return
    case 'unreadable':
      throw new BridgeProblem('keys-unavailable')
    case 'recognised':
      if (!allowed.includes(authentication.key.role)) throw new BridgeProblem('forbidden')
      return
    default:
      authentication satisfies never
  }
}

/** The id of a request: the client’s `X-Request-Id` if it is harmless, otherwise a new id. */
export function chooseRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** The id of the trace that a request belongs to: that of `traceparent` (W3C Trace Context), otherwise a new one. */
function chooseTraceId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const [, given] = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(String(headers.traceparent)) ?? []
  return given !== undefined && !/^0+$/.test(given) ? given : randomBytes(16).toString('hex')
}

/** The route of a request: `/uploads/:id` without the real id. `unmatched` when there is no route. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unmatched'
}
