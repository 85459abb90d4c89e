import { recordDelivered, recordFailedAttempt } from '../database/delivery-outcome.ts'
import { findUpload } from '../database/find-uploads.ts'
import { holdDelivery } from '../database/hold.ts'
import type { UploadRow } from '../database/upload-row.ts'
import { isMissing } from '../storage/error-code.ts'
import { uploadFiles } from '../storage/layout.ts'
import { backoffDelay } from './backoff.ts'
import { type DeliveryResult, sendDownstream } from './send-downstream.ts'
import type { WorkerRoom } from './worker-room.ts'

/** Attempts one delivery and records how it ended; a failed attempt queues the next and is no failure of the job. */
export async function deliver(room: WorkerRoom, id: string, signal: AbortSignal): Promise<void> {
  const upload = await findUpload(room.pool, id)
  if (upload?.state !== 'pending') return
  const started = performance.now()
  const outcome = await attempt(room, upload, signal)
  if (outcome === undefined) return
  const seconds = (performance.now() - started) / 1000
  room.countAttempt(outcome.result, seconds)
  await record(room, upload, outcome)
  room.log.info(
    {
      'upload.id': id,
      'delivery.result': outcome.result,
      ...(outcome.result === 'acknowledged' ? {} : { 'delivery.error': outcome.error }),
      'event.duration': Math.round(seconds * 1e9),
    },
    'delivery attempted',
  )
}

async function attempt(room: WorkerRoom, upload: UploadRow, signal: AbortSignal): Promise<DeliveryResult | undefined> {
  const { url, timeout } = room.configuration.downstream
  try {
    return await sendDownstream({ url, timeout, upload, path: uploadFiles(room.folder, upload.id).data, signal })
  } catch (error) {
    if (!isMissing(error)) throw error
    room.log.error({ error, 'upload.id': upload.id }, 'the bytes of an acknowledged upload are missing; holding it')
    await holdDelivery(room.pool, upload.id, 'its bytes are missing on the storage volume')
    return undefined
  }
}

async function record(room: WorkerRoom, upload: UploadRow, outcome: DeliveryResult): Promise<void> {
  const { downstream, storage } = room.configuration
  switch (outcome.result) {
    case 'acknowledged':
      return recordDelivered(room.pool, upload.id, storage.retainDelivered)
    case 'refused':
    case 'unreachable':
    case 'timeout':
    case 'mismatch': {
      const delay = backoffDelay(downstream.retry, upload.attempts + 1, Math.random)
      return recordFailedAttempt(room.pool, upload.id, `${outcome.result}: ${outcome.error}`, delay)
    }
    default:
      return outcome satisfies never
  }
}
