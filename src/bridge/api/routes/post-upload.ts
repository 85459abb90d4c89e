import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { requestContext } from '../../telemetry/request-context.ts'
import { type IncomingFile, receiveMultipart } from '../../uploads/receive-multipart.ts'
import type { Service } from '../service.ts'

/** `POST /uploads`: a whole file as multipart form data, in the field `file`. */
export function postUpload(app: FastifyInstance, service: Service): void {
  app.post('/uploads', async (request, reply) => {
    if (!request.isMultipart()) throw new BridgeProblem('media-type-unsupported', { detail: 'multipart/form-data is' })
    const announced = announcedSize(request)
    await service.admit(announced)
    const upload = await receiveMultipart(
      service.finishing,
      filesOf(request, service.configuration.storage.maxUploadSize),
    )
    service.quota.add(requestContext.getStore()?.client ?? '', Math.max(0, upload.size - announced))
    const { owner: _owner, ...answer } = upload
    return reply.code(201).header('Location', `/uploads/${upload.id}`).send(answer)
  })
}

// What the form around the file may take; the file itself is measured as it arrives.
const formAllowance = 64 * 1024

// Close enough to decide, before a byte reaches the volume, whether the file is too large and there is room for it.
function announcedSize(request: FastifyRequest): number {
  const size = Number(request.headers['content-length'])
  return Number.isSafeInteger(size) ? Math.max(0, size - formAllowance) : 0
}

async function* filesOf(request: FastifyRequest, fileSize: number): AsyncIterable<IncomingFile> {
  for await (const part of readForm(request.parts({ limits: { fileSize } }))) {
    if (part.type !== 'file') continue
    if (part.fieldname === 'file') yield { name: part.filename, bytes: readForm(part.file) }
    else throw new BridgeProblem('file-missing', { detail: `the file is in the field "${part.fieldname}"` })
  }
}

// What the parser throws without a status is a form that ends too early or is none: the sender's mistake, not ours.
async function* readForm<Part>(parts: AsyncIterable<Part>): AsyncIterable<Part> {
  try {
    yield* parts
  } catch (cause) {
    if (!(cause instanceof Error) || 'statusCode' in cause) throw cause
    throw new BridgeProblem('invalid-request', { detail: cause.message, cause })
  }
}
