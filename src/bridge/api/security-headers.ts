import type { FastifyInstance } from 'fastify'
import type { Configuration } from '../configuration/schema.ts'
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

/** Sent with every answer: nothing here is a page, may be framed, guessed at, cached or referred to (OWASP ASVS 3.4, 5.4). */
export const securityHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** Sent as well where clients come by TLS: one year, as browsers' preload lists want it at least. */
const strictTransportSecurity = 'max-age=31536000; includeSubDomains'
