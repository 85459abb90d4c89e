import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { ReceivedUpload } from '../database/upload-states.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { writeBytes } from '../storage/bytes.ts'
import { generateUploadId, uploadFiles } from '../storage/layout.ts'
import { removePartial, seal } from '../storage/remove-and-seal.ts'
import { safeUploadName, writeInfo } from '../storage/upload-info.ts'
import { requestContext } from '../telemetry/request-context.ts'
import { acknowledgeSealed, type FinishingRoom } from './finish-upload.ts'

/** A file of a form, while it arrives. */
export interface IncomingFile {
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Streams the one file of a form to the volume and acknowledges it; what fails before that leaves nothing behind. */
export async function receiveMultipart(
  room: FinishingRoom,
  files: AsyncIterable<IncomingFile>,
): Promise<ReceivedUpload> {
  const id = generateUploadId()
  const createdAt = new Date().toISOString()
  let upload: ReceivedUpload | undefined
  try {
    for await (const file of files) upload = await writeFile(room.folder, id, createdAt, file)
    if (upload === undefined) throw new BridgeProblem('file-missing')
    await room.inspect(uploadFiles(room.folder, id).data, upload.name)
    // Only now has the form ended as it should.
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
