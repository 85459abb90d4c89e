import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { PoolClient } from 'pg'
import { endLengths } from '../content/archive/inspect-archive.ts'
import { EndsOfFile } from '../content/ends.ts'
import type { RecordedAnswer } from '../database/idempotency.ts'
import type { ReceivedUpload } from '../database/upload-states.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { removePartial, seal, writeBytes } from '../storage/bytes.ts'
import { generateUploadId, uploadFiles } from '../storage/layout.ts'
import { safeUploadName, writeInfo } from '../storage/partials.ts'
import { NoRoomError, type Space } from '../storage/space.ts'
import { requestContext } from '../telemetry/log.ts'
import { acknowledgeSealed, type FinishingRoom } from './finish-upload.ts'

/** A file of a form, while it arrives. */
export interface IncomingFile {
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The parts of the service that receiving a form needs. */
interface ReceivingRoom extends FinishingRoom {
  readonly space: Space
  /** Bytes that the file has at least; undefined when the length of the form is not known. */
  readonly announced: number | undefined
  /** What is written with the acknowledgement. */
  readonly also: ((client: PoolClient, upload: ReceivedUpload) => Promise<void>) | undefined
}

/** Streams the one file of a form to the volume and acknowledges it. If that fails, nothing stays behind. */
export async function receiveForm(room: ReceivingRoom, files: AsyncIterable<IncomingFile>): Promise<ReceivedUpload> {
  const id = generateUploadId()
  const createdAt = new Date().toISOString()
  let upload: ReceivedUpload | undefined
  try {
    const passed = new EndsOfFile(endLengths)
    for await (const file of files) upload = await writeFile(room, id, createdAt, file, passed)
    if (upload === undefined) throw new BridgeProblem('file-missing')
    await room.inspect(uploadFiles(room.folder, id).data, upload.name, passed.ends)
    // Only now is it sure that the form ended correctly.
    if (!(await seal(room.folder, id))) throw new BridgeProblem('upload-gone')
  } catch (error) {
    await removePartial(room.folder, id)
    if (!(error instanceof NoRoomError)) throw error
    throw new BridgeProblem('storage-insufficient', { detail: error.message, retryAfter: 30, cause: error })
  }
  const { also } = room
  const acknowledged = upload
  await acknowledgeSealed(room, acknowledged, createdAt, also && (client => also(client, acknowledged)))
  return acknowledged
}

async function writeFile(
  { folder, space, announced }: ReceivingRoom,
  id: string,
  createdAt: string,
  file: IncomingFile,
  passed: EndsOfFile,
): Promise<ReceivedUpload> {
  const files = uploadFiles(folder, id)
  const name = safeUploadName(file.name)
  const owner = requestContext.getStore()?.client
  const begin = async () => {
    const info = await writeInfo(files.open, { id, kind: 'multipart', name, announced, createdAt, owner })
    await (await open(files.data, 'wx')).close()
    return info
  }
  await space.claim(id, begin, () => removePartial(folder, id))
  const hash = createHash('sha256')
  const bytes = announced === undefined ? space.withinRoom(file.bytes) : file.bytes
  const size = await writeBytes(files.data, 0, bytes, chunk => {
    hash.update(chunk)
    passed.take(chunk)
  })
  // So a browser sends the field when nobody chose a file.
  if (size === 0 && file.name === '') throw new BridgeProblem('file-missing')
  return { id, name, size, sha256: hash.digest('hex'), owner }
}

/** Reads the file of a form and keeps nothing of it. Throws a problem unless it is the one that was answered before. */
export async function compareForm(answer: RecordedAnswer, files: AsyncIterable<IncomingFile>): Promise<void> {
  let isThere = false
  let isSame = true
  for await (const { name, bytes } of files) {
    isThere = true
    const hash = createHash('sha256')
    for await (const chunk of bytes) hash.update(chunk)
    isSame = safeUploadName(name) === answer.name && hash.digest('hex') === answer.sha256
  }
  if (!isThere) throw new BridgeProblem('file-missing')
  if (!isSame) throw new BridgeProblem('idempotency-key-reused')
}
