import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ReceivedUpload } from '../../database/upload-states.ts'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { removePartial, seal, writeBytes } from '../../storage/bytes.ts'
import { generateUploadId, uploadFiles } from '../../storage/layout.ts'
import { safeUploadName, writeInfo } from '../../storage/partials.ts'
import { requestContext } from '../../telemetry/log.ts'
import { acknowledgeSealed, type FinishingRoom } from '../../uploads/finish-upload.ts'
import type { ApiParts } from '../api-parts.ts'

/** `POST /uploads`: a whole file as multipart form data, in the field `file`. */
export function postUpload(app: FastifyInstance, parts: ApiParts): void {
  app.post('/uploads', async (request, reply) => {
    if (!request.isMultipart()) throw new BridgeProblem('media-type-unsupported', { detail: 'multipart/form-data is' })
    const announced = announcedSize(request)
    await parts.admit(announced)
    const upload = await receiveMultipart(parts.finishing, filesOf(request, parts.configuration.storage.maxUploadSize))
    parts.quota.add(requestContext.getStore()?.client ?? '', Math.max(0, upload.size - announced))
    const { owner: _owner, ...answer } = upload
    return reply.code(201).header('Location', `/uploads/${upload.id}`).send(answer)
  })
}

// The largest size of the form around the file. The file itself is measured while it arrives.
const formAllowance = 64 * 1024

// Exact enough to decide, before a byte reaches the volume, whether the file is too large or the volume too full.
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

// An error of the parser without a status means that the form is broken or ends too early. That is the sender's mistake, not ours.
async function* readForm<Part>(parts: AsyncIterable<Part>): AsyncIterable<Part> {
  try {
    yield* parts
  } catch (cause) {
    if (!(cause instanceof Error) || 'statusCode' in cause) throw cause
    throw new BridgeProblem('invalid-request', { detail: cause.message, cause })
  }
}

/** A file of a form, while it arrives. */
interface IncomingFile {
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Streams the one file of a form to the volume and acknowledges it. If that fails, nothing stays behind. */
async function receiveMultipart(room: FinishingRoom, files: AsyncIterable<IncomingFile>): Promise<ReceivedUpload> {
  const id = generateUploadId()
  const createdAt = new Date().toISOString()
  let upload: ReceivedUpload | undefined
  try {
    for await (const file of files) upload = await writeFile(room.folder, id, createdAt, file)
    if (upload === undefined) throw new BridgeProblem('file-missing')
    await room.inspect(uploadFiles(room.folder, id).data, upload.name)
    // Only now is it sure that the form ended correctly.
    if (!(await seal(room.folder, id))) throw new BridgeProblem('upload-gone')
  } catch (error) {
    await removePartial(room.folder, id)
    throw error
  }
  await acknowledgeSealed(room, upload, createdAt)
  return upload
}

async function writeFile(folder: string, id: string, createdAt: string, file: IncomingFile): Promise<ReceivedUpload> {
  const files = uploadFiles(folder, id)
  const name = safeUploadName(file.name)
  const owner = requestContext.getStore()?.client
  await writeInfo(files.open, { id, kind: 'multipart', name, createdAt, owner })
  await (await open(files.data, 'wx')).close()
  const hash = createHash('sha256')
  const size = await writeBytes(files.data, 0, file.bytes, chunk => hash.update(chunk))
  return { id, name, size, sha256: hash.digest('hex'), owner }
}
