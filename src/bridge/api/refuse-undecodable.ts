import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemTypes } from '../problem/problem-types.ts'
import { securityHeadersOf } from './security.ts'
import type { Service } from './service.ts'

/** Makes the answer to an address that cannot be decoded: that of any other mistake, though no hook runs for it. */
export function refuseUndecodable(service: Service) {
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const code = 'invalid-request'
    const { title, status } = problemTypes[code]
    const detail = 'The address cannot be decoded'
    const body = { type: `urn:upload-bridge:problem:${code}`, title, status, code, instance: request.id, detail }
    reply.code(status).headers(securityHeadersOf(service.configuration))
    reply
      .header('X-Request-Id', request.id)
      .header('Content-Type', 'application/problem+json')
      .send(JSON.stringify(body))
  }
}
