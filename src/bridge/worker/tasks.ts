import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import { deliverTask, queueDeliveries, removeBytesTask } from '../database/queue.ts'
import { deliver } from './deliver.ts'
import { removeBytes } from './remove-bytes.ts'
import type { WorkerRoom } from './worker-room.ts'

const payloadSchema = z.object({ id: z.string() })

/** The queue’s tasks by their names. */
export function createTasks(room: WorkerRoom): TaskList {
  return {
    [deliverTask]: async (payload, { abortSignal = new AbortController().signal }) => {
      const { id } = payloadSchema.parse(payload)
      try {
        await deliver(room, id, abortSignal)
      } catch (error) {
        // The queue's own backoff grows to hours; ours has a bound.
        room.log.error({ error, 'upload.id': id }, 'a delivery could not be attempted')
        await queueDeliveries(room.pool, [id], room.configuration.downstream.retry.max)
      }
    },
    [removeBytesTask]: payload => removeBytes(room, payloadSchema.parse(payload).id),
  }
}
