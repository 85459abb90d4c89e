import multipart from '@fastify/multipart'
import { type FastifyInstance, fastify } from 'fastify'
import { registerErrorHandler } from './error-handler.ts'
import { chooseRequestId } from './request-id.ts'
import { registerRequestLog } from './request-log.ts'
import { getLivez } from './routes/get-livez.ts'
import { getMetrics } from './routes/get-metrics.ts'
import { getReadyz } from './routes/get-readyz.ts'
import { getUpload } from './routes/get-upload.ts'
import { postUpload } from './routes/post-upload.ts'
import { tusFiles } from './routes/tus-files.ts'
import type { Service } from './service.ts'

/** Makes the HTTP application: one handler a file under `routes/`. */
export async function createApp(service: Service): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    logger: false,
    genReqId: chooseRequestId,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    connectionTimeout: 120_000,
    routerOptions: { ignoreTrailingSlash: true },
  })
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
  for (const route of [getLivez, getReadyz, getMetrics, getUpload, postUpload, tusFiles]) {
    await app.register(async instance => route(instance, service))
  }
  return app
}
