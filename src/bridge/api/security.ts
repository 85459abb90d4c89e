import type { FastifyInstance } from 'fastify'
import { securityHeaders, strictTransportSecurity } from '../telemetry/security-headers.ts'
import type { Service } from './service.ts'

/** Puts the security headers on every answer. */
export function registerSecurityHeaders(app: FastifyInstance, service: Service): void {
  app.addHook('onRequest', async (_request, reply) => {
    const { tls, hsts } = service.configuration.api
    reply.headers(securityHeaders)
    if (hsts || tls.certFile !== undefined) reply.header('Strict-Transport-Security', strictTransportSecurity)
  })
}
