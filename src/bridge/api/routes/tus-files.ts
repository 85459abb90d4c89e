import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { discardBody } from '../discard-body.ts'
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
