import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FormFileName } from '../../content/form-file-name.ts'
import type { RecordedAnswer } from '../../database/idempotency.ts'
import type { ReceivedUpload } from '../../database/upload-states.ts'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { requestContext } from '../../telemetry/log.ts'
import { type KeyedRequest, readIdempotencyKey } from '../../uploads/idempotency-keys.ts'
import { compareForm, type IncomingFile, receiveForm } from '../../uploads/receive-form.ts'
import type { ApiParts } from '../api-parts.ts'
import { publicAddress } from '../transport.ts'

/** `POST /uploads`: a whole file as multipart form data, in the field `file`. */
export function postUpload(app: FastifyInstance, parts: ApiParts): void {
  app.post('/uploads', async (request, reply) => {
    if (!request.isMultipart()) throw new BridgeProblem('media-type-unsupported', { detail: 'multipart/form-data is' })
    const { id, name, size, sha256 } = await answerOnce(request, parts)
    return reply
      .code(201)
      .header('Location', publicAddress(parts.configuration, `/uploads/${id}`))
      .send({ id, name, size, sha256 })
  })
}

// A request that was answered under its key is answered the same, even when nothing new is admitted.
async function answerOnce(request: FastifyRequest, parts: ApiParts): Promise<RecordedAnswer> {
  const key = readIdempotencyKey(request.headers['idempotency-key'])
  if (key === undefined) return receive(request, parts)
  const begun = await parts.idempotency.begin({ client: requestContext.getStore()?.client ?? '', key })
  if ('answer' in begun) {
    await compareForm(begun.answer, filesOf(request, parts))
    return begun.answer
  }
  try {
    return await receive(request, parts, begun.record)
  } finally {
    await begun.end()
  }
}

async function receive(
  request: FastifyRequest,
  parts: ApiParts,
  also?: KeyedRequest['record'],
): Promise<ReceivedUpload> {
  const announced = announcedSize(request)
  await parts.admit(announced)
  const { finishing, space, quota } = parts
  const room = { ...finishing, space, announced: isAnnounced(request) ? announced : undefined, also }
  const upload = await receiveForm(room, filesOf(request, parts))
  quota.add(requestContext.getStore()?.client ?? '', Math.max(0, upload.size - announced))
  return upload
}

// The largest size of the form around the file. The file itself is measured while it arrives.
const formAllowance = 64 * 1024

// Exact enough to decide, before a byte reaches the volume, whether the file is too large or the volume too full.
function announcedSize(request: FastifyRequest): number {
  const size = Number(request.headers['content-length'])
  return Number.isSafeInteger(size) ? Math.max(0, size - formAllowance) : 0
}

function isAnnounced({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined
}

async function* filesOf(request: FastifyRequest, { configuration }: ApiParts): AsyncIterable<IncomingFile> {
  const fileSize = configuration.storage.maxUploadSize
  const names = new FormFileName(request.headers['content-type'] ?? '')
  // Before the parser listens, so that the name of a part is known when the parser asks whether it is a file.
  request.raw.on('data', names.take)
  let name: string | undefined
  const isPartAFile = (field: string | undefined, type: string | undefined, found: string | undefined) => {
    if (field === 'file') name = names.next()
    return found !== undefined || type === 'application/octet-stream' || (field === 'file' && name !== undefined)
  }
  for await (const part of readForm(request.parts({ limits: { fileSize }, isPartAFile }))) {
    if (part.type !== 'file') continue
    if (!plain.has(part.encoding.toLowerCase())) {
      throw new BridgeProblem('media-type-unsupported', {
        detail: `The file is taken as it is, not in Content-Transfer-Encoding ${part.encoding}`,
      })
    }
    if (part.fieldname === 'file') yield { name: name ?? part.filename, bytes: readForm(part.file) }
    else throw new BridgeProblem('file-missing', { detail: `the file is in the field "${part.fieldname}"` })
  }
}

/** What a part may say of its transfer encoding: nothing in it changes a byte (RFC 2045, 6.2). */
const plain = new Set(['7bit', '8bit', 'binary'])

// An error of the parser without a status means that the form is broken or ends too early. That is the sender's mistake, not ours.
async function* readForm<Part>(parts: AsyncIterable<Part>): AsyncIterable<Part> {
  try {
    yield* parts
  } catch (cause) {
    if (!(cause instanceof Error) || 'statusCode' in cause) throw cause
    throw new BridgeProblem('invalid-request', { detail: cause.message, cause })
  }
}
