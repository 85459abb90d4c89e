import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Authentication } from '../auth/authenticate.ts'
import { whoMay } from '../auth/roles.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { RequestContext } from '../telemetry/request-context.ts'

/** What is known of a request before anything is done for it. */
export function describeCaller(request: FastifyRequest): RequestContext {
  const { id, ip } = request
  return { requestId: id, traceId: chooseTraceId(request), address: ip, client: `address:${ip}` }
}

/** The same, when it is known who asks. */
export function recogniseCaller(context: RequestContext, authentication: Authentication): RequestContext {
  if (authentication.outcome !== 'recognised') return context
  const { key } = authentication
  return { ...context, client: `key:${key.id}`, key }
}

/** Lets a request through, or throws the problem that says why not: 401 for who is not known, 403 for who may not, 503 when nobody can tell. */
export function authorize(request: FastifyRequest, authentication: Authentication, isRequired: boolean): void {
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

/** The id of a request: the client’s `X-Request-Id` when it is harmless, otherwise one of ours. */
export function chooseRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** The id of the trace that a request belongs to: that of `traceparent` (W3C Trace Context), otherwise a new one. */
function chooseTraceId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const [, given] = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(String(headers.traceparent)) ?? []
  return given !== undefined && !/^0+$/.test(given) ? given : randomBytes(16).toString('hex')
}

/** The route that a request is for, `/uploads/:id` and not the id; `unmatched` when there is none. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unmatched'
}
