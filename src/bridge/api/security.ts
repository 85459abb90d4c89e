import type { FastifyInstance } from 'fastify'
import type { Configuration } from '../configuration/schema.ts'
import { securityHeaders, strictTransportSecurity } from '../telemetry/security-headers.ts'
import type { Service } from './service.ts'

/** Puts the security headers on every answer. */
export function registerSecurityHeaders(app: FastifyInstance, service: Service): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeadersOf(service.configuration))
  })
}

/** The security headers of this deployment's answers. */
export function securityHeadersOf({ api: { tls, hsts } }: Configuration): Record<string, string> {
  const isTls = hsts || tls.certFile !== undefined
  return { ...securityHeaders, ...(isTls ? { 'Strict-Transport-Security': strictTransportSecurity } : {}) }
}
