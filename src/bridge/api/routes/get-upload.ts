import type { FastifyInstance } from 'fastify'
import { maySee } from '../../auth/roles.ts'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { isUploadId } from '../../storage/layout.ts'
import { requestContext } from '../../telemetry/request-context.ts'
import { describeUpload } from '../../uploads/describe-upload.ts'
import type { Service } from '../service.ts'

/** `GET /uploads/:id`: where an upload stands, however it was sent. */
export function getUpload(app: FastifyInstance, service: Service): void {
  app.get<{ Params: { id: string } }>('/uploads/:id', async (request, reply) => {
    const { id } = request.params
    const isVisible = (owner: string | null | undefined) => maySee(requestContext.getStore()?.key, owner)
    const upload = isUploadId(id) ? await describeUpload(service.folder, service.pool, id, isVisible) : undefined
    if (upload === undefined) throw new BridgeProblem('upload-not-found')
    return reply.send(upload)
  })
}
