import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { FastifyInstance, FastifyServerFactory } from 'fastify'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { ConfigurationError } from '../configuration/load-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { ApiParts } from './api-parts.ts'

/** Makes the HTTPS server (TLS 1.2 or newer). Undefined when the configuration names no certificate. */
export function createTlsServer(live: LiveConfiguration, connectionTimeout: number): FastifyServerFactory | undefined {
  if (live.current.api.tls.certFile === undefined) return undefined
  let context = readContext(live.current)
  return handler => {
    const server: Server = createServer({ ...context, requestTimeout: 0, requireHostHeader: false }, handler)
    server.setTimeout(connectionTimeout)
    live.beforeReload(next => {
      context = readContext(next)
    })
    // New connections get the new certificate. Open connections keep the old one.
    live.onReload(() => server.setSecureContext(context))
    return server
  }
}

function readContext({ api: { tls } }: Configuration): SecureContextOptions {
  const cert = readPem('api.tls.certFile', tls.certFile)
  const key = readPem('api.tls.keyFile', tls.keyFile)
  const context: SecureContextOptions = { minVersion: 'TLSv1.2', cert, key }
  try {
    createSecureContext(context)
    return context
  } catch (cause) {
    throw new ConfigurationError(tls.certFile ?? '', [`api.tls: certificate and key do not fit: ${String(cause)}`], {
      cause,
    })
  }
}

function readPem(key: string, file: string | undefined): Buffer {
  try {
    return readFileSync(file ?? '')
  } catch (cause) {
    throw new ConfigurationError(file ?? '', [`${key}: ${String(cause)}`], { cause })
  }
}

/** Puts the security headers on every answer, and lets the web pages of allowed origins use the API. */
export function registerSecurityHeaders(app: FastifyInstance, parts: ApiParts): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeadersOf(parts.configuration))
    const { origin } = request.headers
    if (origin === undefined || !listOf(parts.configuration.api.allowedOrigins).includes(origin)) return
    reply.headers({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': exposedHeaders,
      Vary: 'Origin',
    })
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (!isPreflight) return
    reply.headers({
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': allowedHeaders,
      'Access-Control-Max-Age': 86_400,
    })
    return reply.code(204).send()
  })
}

const allowedHeaders = [
  ...[
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'Tus-Resumable',
    'Upload-Defer-Length',
    'Upload-Length',
    'Upload-Metadata',
  ],
  ...['Upload-Offset', 'X-HTTP-Method-Override', 'X-Request-Id', 'X-Requested-With', 'traceparent'],
].join(', ')

const exposedHeaders = [
  ...['Location', 'Retry-After', 'Tus-Extension', 'Tus-Max-Size', 'Tus-Resumable', 'Tus-Version'],
  ...['Upload-Defer-Length', 'Upload-Expires', 'Upload-Length', 'Upload-Metadata', 'Upload-Offset', 'X-Request-Id'],
].join(', ')

/** The parts of a text such as `a, b`. */
export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter(part => part !== '')
}

/** An address of the API as clients see it: below `api.publicUrl`, if it is set. */
export function publicAddress({ api }: Configuration, path: string): string {
  return `${api.publicUrl?.replace(/\/+$/, '') ?? ''}${path}`
}

/** The path of a request without the path of `api.publicUrl`, for proxies that leave it there. */
export function withoutPublicPath({ api }: Configuration, url: string): string {
  const prefix = api.publicUrl === undefined ? '' : new URL(api.publicUrl).pathname.replace(/\/+$/, '')
  return prefix !== '' && url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url
}

/** The security headers of this deployment's answers. */
export function securityHeadersOf({ api: { tls, hsts } }: Configuration): Record<string, string> {
  const isTls = hsts || tls.certFile !== undefined
  return { ...securityHeaders, ...(isTls ? { 'Strict-Transport-Security': strictTransportSecurity } : {}) }
}

/** Sent with every answer. No answer is a page, so browsers must not frame, guess, cache or link it (OWASP ASVS 3.4, 5.4). */
export const securityHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** Sent too when clients use TLS. Browsers' preload lists require at least one year. */
const strictTransportSecurity = 'max-age=31536000; includeSubDomains'
