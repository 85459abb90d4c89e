import type { FastifyInstance } from 'fastify'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { isUploadId } from '../../storage/layout.ts'
import { describeUpload } from '../../uploads/describe-upload.ts'
import type { Service } from '../service.ts'

/** `GET /uploads/:id`: where an upload stands, however it was sent. */
export function getUpload(app: FastifyInstance, service: Service): void {
  app.get<{ Params: { id: string } }>('/uploads/:id', async (request, reply) => {
    const { id } = request.params
    const upload = isUploadId(id) ? await describeUpload(service.folder, service.pool, id) : undefined
    if (upload === undefined) throw new BridgeProblem('upload-not-found')
    return reply.send(upload)
  })
}
