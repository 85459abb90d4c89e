import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import multipart from '@fastify/multipart'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { aborted, portOf, type ServiceContext } from '../run-process.ts'
import { overrideMethod } from '../tus/check-request.ts'
import { type ApiParts, createApiParts } from './api-parts.ts'
import { refuseConnect, refuseUndecodable, refuseUnreadable, registerErrorHandler } from './problem-answers.ts'
import { chooseRequestId, registerRequestLog } from './request-log.ts'
import { registerRequestRules } from './request-rules.ts'
import { getLivez, getReadyz } from './routes/get-health.ts'
import { getContent, getUpload } from './routes/get-upload.ts'
import { postUpload } from './routes/post-upload.ts'
import { discardBody, watchSlowBodies } from './slow-bodies.ts'
import { createTlsServer, listOf, publicAddress, registerSecurityHeaders, withoutPublicPath } from './transport.ts'

/** Serves until told to stop, then drains. Requests in flight may end, and tus uploads resume after the restart. */
export async function runApi(context: ServiceContext): Promise<void> {
  const { live, log, stop } = context
  const running = await createApiParts(context)
  const app = await createApp(running.parts, live)
  const { host, port, tls } = live.current.api
  const listening = await app.listen({ host, port })
  const url = tls.certFile === undefined ? listening : listening.replace(/^http:/, 'https:')
  log.info({ url, host, port: portOf(app.server.address()) }, 'listening')
  await aborted(stop)
  log.info('draining')
  running.parts.drain.begin()
  await running.parts.drain.untilIdle(live.current.api.drainTimeout)
  app.server.closeAllConnections()
  await app.close()
  await running.stop()
  log.info('stopped')
}

const connectionTimeout = 120_000

/** Makes the HTTP application. The handlers of the addresses are in `routes/`. */
async function createApp(parts: ApiParts, live: LiveConfiguration): Promise<FastifyInstance> {
  const serverFactory = createTlsServer(live, connectionTimeout)
  const proxies = listOf(live.current.api.trustedProxies)
  const owed = new WeakMap<Socket, ServerResponse>()
  const app: FastifyInstance = fastify({
    ...(serverFactory === undefined ? {} : { serverFactory }),
    clientErrorHandler: refuseUnreadable(owed),
    frameworkErrors: refuseUndecodable(parts),
    logger: false,
    genReqId: chooseRequestId,
    ...(proxies.length === 0 ? {} : { trustProxy: [...proxies] }),
    rewriteUrl(request) {
      // No address has a query. A target may name the whole address (RFC 9112, 3.2.2).
      const path = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*/s, '')
      request.url = withoutPublicPath(parts.configuration, path === '' ? '/' : path)
      overrideMethod(request)
      return request.url
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // We answer such a request ourselves, as every other mistake.
    http: { requireHostHeader: false },
    connectionTimeout,
    routerOptions: { ignoreTrailingSlash: true },
  })
  app.addHook('onRequest', async (request, reply) => void owed.set(request.raw.socket, reply.raw))
  registerSecurityHeaders(app, parts)
  registerRequestLog(app, parts)
  registerErrorHandler(app, parts)
  app.server.on('connect', refuseConnect)
  registerRequestRules(app)
  watchSlowBodies(app, () => parts.configuration.limits.minimumRate)
  // No address takes text or JSON. Their parsers would say of a large body that it is too large, not that it is of the wrong kind.
  app.removeContentTypeParser(['text/plain', 'application/json'])
  await app.register(multipart, {
    limits: {
      files: 1,
      fields: 20,
      parts: 21,
      fieldSize: 64 * 1024,
      fileSize: parts.configuration.storage.maxUploadSize,
    },
    throwFileSizeLimit: true,
  })
  for (const route of [getLivez, getReadyz, getMetrics, getUpload, getContent, postUpload, tusFiles]) {
    await app.register(async instance => route(instance, parts))
  }
  return app
}

/** `/files/`: tus 1.0. Bodies go to the tus server untouched. */
function tusFiles(app: FastifyInstance, parts: ApiParts): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const answer = await parts.handleTus(request.raw, reply.raw)
      const location = answer.headers.get('Location')
      if (location !== null) answer.headers.set('Location', publicAddress(parts.configuration, location))
      // No answer of the tus server that is not an error has a body.
      return await reply.code(answer.status).headers(Object.fromEntries(answer.headers)).send()
    } catch (error) {
      discardBody(request.raw)
      throw error
    }
  }
  app.route({ method: ['OPTIONS', 'POST'], url: '/files/', handler: handle })
  app.route({ method: ['OPTIONS', 'HEAD', 'PATCH', 'DELETE'], url: '/files/:id', handler: handle })
}

/** `GET /metrics`: Prometheus text format. */
function getMetrics(app: FastifyInstance, parts: ApiParts): void {
  app.get('/metrics', async (_request, reply) => {
    await parts.observeState()
    return reply.header('Content-Type', parts.registry.contentType).send(await parts.registry.metrics())
  })
}
