import multipart from '@fastify/multipart'
import { type FastifyInstance, fastify } from 'fastify'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { chooseRequestId } from './caller.ts'
import { refuseUndecodable, refuseUnreadable, registerErrorHandler } from './problem-answers.ts'
import { registerRequestLog } from './request-log.ts'
import { getLivez, getReadyz } from './routes/get-health.ts'
import { getMetrics } from './routes/get-metrics.ts'
import { getContent, getUpload } from './routes/get-upload.ts'
import { postUpload } from './routes/post-upload.ts'
import { tusFiles } from './routes/tus-files.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import type { Service } from './service.ts'
import { createTlsServer } from './tls.ts'

const connectionTimeout = 120_000

/** Makes the HTTP application; what answers each address is in `routes/`. */
export async function createApp(service: Service, live: LiveConfiguration): Promise<FastifyInstance> {
  const serverFactory = createTlsServer(live, connectionTimeout)
  const app: FastifyInstance = fastify({
    ...(serverFactory === undefined ? {} : { serverFactory }),
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUndecodable(service),
    logger: false,
    genReqId: chooseRequestId,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    connectionTimeout,
    routerOptions: { ignoreTrailingSlash: true },
  })
  registerSecurityHeaders(app, service)
  registerRequestLog(app, service)
  registerErrorHandler(app, service)
  await app.register(multipart, {
    limits: {
      files: 1,
      fields: 20,
      parts: 21,
      fieldSize: 64 * 1024,
      fileSize: service.configuration.storage.maxUploadSize,
    },
    throwFileSizeLimit: true,
  })
  for (const route of [getLivez, getReadyz, getMetrics, getUpload, getContent, postUpload, tusFiles]) {
    await app.register(async instance => route(instance, service))
  }
  return app
}
