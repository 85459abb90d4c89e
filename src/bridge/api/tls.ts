import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { FastifyServerFactory } from 'fastify'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { ConfigurationError } from '../configuration/load-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'

/** Makes the server of HTTPS, TLS 1.2 or newer; undefined where the configuration has no certificate. */
export function createTlsServer(live: LiveConfiguration, connectionTimeout: number): FastifyServerFactory | undefined {
  if (live.current.api.tls.certFile === undefined) return undefined
  let context = readContext(live.current)
  return handler => {
    const server: Server = createServer({ ...context, requestTimeout: 0 }, handler)
    server.setTimeout(connectionTimeout)
    live.beforeReload(next => {
      context = readContext(next)
    })
    // New connections get the new certificate; those that are open go on.
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
