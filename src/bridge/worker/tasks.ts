import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import { deliverTask, removeBytesTask } from '../database/delivery-jobs.ts'
import { deliver } from './deliver.ts'
import { removeBytes } from './remove-bytes.ts'
import type { WorkerRoom } from './worker-room.ts'

const payloadSchema = z.object({ id: z.string() })

/** The queue’s tasks by their names. */
export function createTasks(room: WorkerRoom): TaskList {
  return {
    [deliverTask]: (payload, { abortSignal }) =>
      deliver(room, payloadSchema.parse(payload).id, abortSignal ?? new AbortController().signal),
    [removeBytesTask]: payload => removeBytes(room, payloadSchema.parse(payload).id),
  }
}
