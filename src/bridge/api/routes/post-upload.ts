import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FormFileName } from '../../content/form-file-name.ts'
import type { ReceivedUpload } from '../../database/upload-states.ts'
import { BridgeProblem } from '../../problem/bridge-problem.ts'
import { removePartial, seal, writeBytes } from '../../storage/bytes.ts'
import { generateUploadId, uploadFiles } from '../../storage/layout.ts'
import { safeUploadName, writeInfo } from '../../storage/partials.ts'
import { NoRoomError, type Space } from '../../storage/space.ts'
import { requestContext } from '../../telemetry/log.ts'
import { acknowledgeSealed, type FinishingRoom } from '../../uploads/finish-upload.ts'
import type { ApiParts } from '../api-parts.ts'
import { publicAddress } from '../transport.ts'

/** `POST /uploads`: a whole file as multipart form data, in the field `file`. */
export function postUpload(app: FastifyInstance, parts: ApiParts): void {
  app.post('/uploads', async (request, reply) => {
    if (!request.isMultipart()) throw new BridgeProblem('media-type-unsupported', { detail: 'multipart/form-data is' })
    const announced = announcedSize(request)
    await parts.admit(announced)
    const room = { ...parts.finishing, space: parts.space, announced: isAnnounced(request) ? announced : undefined }
    const upload = await receiveMultipart(room, filesOf(request, parts.configuration.storage.maxUploadSize))
    parts.quota.add(requestContext.getStore()?.client ?? '', Math.max(0, upload.size - announced))
    const { owner: _owner, ...answer } = upload
    return reply
      .code(201)
      .header('Location', publicAddress(parts.configuration, `/uploads/${upload.id}`))
      .send(answer)
  })
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

async function* filesOf(request: FastifyRequest, fileSize: number): AsyncIterable<IncomingFile> {
  const name = new FormFileName()
  // Before the parser listens, so that the name of a part is known when the parser asks whether it is a file.
  request.raw.on('data', name.take)
  const isPartAFile = (field: string | undefined, type: string | undefined, found: string | undefined) =>
    found !== undefined || type === 'application/octet-stream' || (field === 'file' && name.found !== undefined)
  for await (const part of readForm(request.parts({ limits: { fileSize }, isPartAFile }))) {
    if (part.type !== 'file') continue
    if (part.fieldname === 'file') yield { name: name.found ?? part.filename, bytes: readForm(part.file) }
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

/** The parts of the service that receiving a form needs. */
interface ReceivingRoom extends FinishingRoom {
  readonly space: Space
  /** Bytes that the file has at least; undefined when the length of the form is not known. */
  readonly announced: number | undefined
}

/** Streams the one file of a form to the volume and acknowledges it. If that fails, nothing stays behind. */
async function receiveMultipart(room: ReceivingRoom, files: AsyncIterable<IncomingFile>): Promise<ReceivedUpload> {
  const id = generateUploadId()
  const createdAt = new Date().toISOString()
  let upload: ReceivedUpload | undefined
  try {
    for await (const file of files) upload = await writeFile(room, id, createdAt, file)
    if (upload === undefined) throw new BridgeProblem('file-missing')
    await room.inspect(uploadFiles(room.folder, id).data, upload.name)
    // Only now is it sure that the form ended correctly.
    if (!(await seal(room.folder, id))) throw new BridgeProblem('upload-gone')
  } catch (error) {
    await removePartial(room.folder, id)
    if (!(error instanceof NoRoomError)) throw error
    throw new BridgeProblem('storage-insufficient', { detail: error.message, retryAfter: 30, cause: error })
  }
  await acknowledgeSealed(room, upload, createdAt)
  return upload
}

async function writeFile(
  { folder, space, announced }: ReceivingRoom,
  id: string,
  createdAt: string,
  file: IncomingFile,
): Promise<ReceivedUpload> {
  const files = uploadFiles(folder, id)
  const name = safeUploadName(file.name)
  const owner = requestContext.getStore()?.client
  await space.claim(id, async () => {
    await writeInfo(files.open, { id, kind: 'multipart', name, announced, createdAt, owner })
    await (await open(files.data, 'wx')).close()
  })
  const hash = createHash('sha256')
  const bytes = announced === undefined ? space.withinRoom(file.bytes) : file.bytes
  const size = await writeBytes(files.data, 0, bytes, chunk => hash.update(chunk))
  return { id, name, size, sha256: hash.digest('hex'), owner }
}
