import { rm } from 'node:fs/promises'
import { recordBytesRemoved } from '../database/upload-states.ts'
import { findUpload } from '../database/uploads.ts'
import { uploadFiles } from '../storage/layout.ts'
import type { WorkerRoom } from './worker-room.ts'

/** Removes the bytes of a delivered upload; of any other it leaves them. */
export async function removeBytes(room: WorkerRoom, id: string): Promise<void> {
  const upload = await findUpload(room.pool, id)
  if (upload?.state !== 'delivered') return
  await rm(uploadFiles(room.folder, id).data, { force: true })
  await recordBytesRemoved(room.pool, id)
}
