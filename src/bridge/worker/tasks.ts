import { rm } from 'node:fs/promises'
import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import { readCircuit } from '../database/circuit.ts'
import { deliverTask, queueDeliveries, removeBytesTask } from '../database/queue.ts'
import { recordBytesRemoved } from '../database/upload-states.ts'
import { findUpload } from '../database/uploads.ts'
import { uploadFiles } from '../storage/layout.ts'
import { deliver, type WorkerRoom } from './deliver.ts'

const payloadSchema = z.object({ id: z.string() })

/** The queue’s tasks by their names. */
export function createTasks(room: WorkerRoom): TaskList {
  return {
    [deliverTask]: async (payload, { abortSignal = new AbortController().signal }) => {
      const { id } = payloadSchema.parse(payload)
      try {
        // It may have been paused since the queue was asked whether it is.
        if ((await readCircuit(room.pool)).paused) await queueDeliveries(room.pool, [id])
        else await deliver(room, id, abortSignal)
      } catch (error) {
        // The queue's own backoff grows to hours; ours has a bound.
        room.log.error({ error, 'upload.id': id }, 'a delivery could not be attempted')
        await queueDeliveries(room.pool, [id], room.configuration.downstream.retry.max)
      }
    },
    [removeBytesTask]: payload => removeBytes(room, payloadSchema.parse(payload).id),
  }
}

/** Removes the bytes of a delivered upload; of any other it leaves them. */
async function removeBytes(room: WorkerRoom, id: string): Promise<void> {
  const upload = await findUpload(room.pool, id)
  if (upload?.state !== 'delivered') return
  await rm(uploadFiles(room.folder, id).data, { force: true })
  await recordBytesRemoved(room.pool, id)
}
