import type { FastifyRequest } from 'fastify'
import type { Authentication } from '../auth/authenticate.ts'
import { whoMay } from '../auth/roles.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { RequestContext } from '../telemetry/request-context.ts'
import { chooseTraceId } from './request-id.ts'

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
