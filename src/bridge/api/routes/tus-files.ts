import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Service } from '../service.ts'

/** `/files/`: tus 1.0. Bodies go to the tus server untouched. */
export function tusFiles(app: FastifyInstance, service: Service): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      return await reply.send(await service.handleTus(request.raw, reply.raw))
    } catch (error) {
      discardBody(request.raw)
      throw error
    }
  }
  app.route({ method: ['OPTIONS', 'POST'], url: '/files/', handler: handle })
  app.route({ method: ['OPTIONS', 'HEAD', 'PATCH', 'DELETE'], url: '/files/:id', handler: handle })
}

const patience = 30_000

/** Lets the rest of a refused request run into nothing, so that the client gets to read our answer. */
function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.removeAllListeners('data')
  request.on('error', () => {})
  request.resume()
  const timer = setTimeout(() => request.destroy(), patience).unref()
  request.once('close', () => clearTimeout(timer))
}
