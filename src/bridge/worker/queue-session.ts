import { EventEmitter } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { runTaskList, type TaskList, type WorkerPool } from 'graphile-worker'
import { z } from 'zod'
import { migrate } from '../database/migrations.ts'
import {
  createQueueLogger,
  deliverTask,
  deliveryFlag,
  queueDeliveries,
  readCircuit,
  removeBytesTask,
} from '../database/queue.ts'
import { recordBytesRemoved } from '../database/upload-states.ts'
import { findUpload } from '../database/uploads.ts'
import { aborted } from '../run-process.ts'
import { uploadFiles } from '../storage/layout.ts'
import { deliver, type WorkerRoom } from './deliver.ts'
import { type Liveness, openLiveness } from './liveness.ts'
import type { ScrubMetrics } from './metrics.ts'
import { pruneRecords } from './prune-records.ts'
import { scrub } from './scrub.ts'
import { type RecoveringRoom, recoverFromTheDead } from './suspect-uploads.ts'

const pollInterval = 1000
/** Milliseconds between two looks into the queue while deliveries are paused. */
const pausedInterval = 500
const reapInterval = 2000
const abortDeliveriesAfter = 4000
const abandonAfter = 8000
const leaveAfter = 2000

/** The parts of the service that a session needs. */
export interface WorkingRoom extends WorkerRoom, RecoveringRoom {
  readonly scrubMetrics: ScrubMetrics
}

/** Works on the queue until told to stop. Throws when the database or a worker is lost. Reports when it begins and ends its work. */
export async function runQueueSession(
  room: WorkingRoom,
  stop: AbortSignal,
  setWorking: (working: boolean) => void,
): Promise<void> {
  await migrate(room.pool, createQueueLogger(room.log))
  const liveness = await openLiveness(room.configuration.database)
  const ended = new AbortController()
  const events = new EventEmitter()
  try {
    const failed = failureOf(events)
    const workers = startWorkers(room, liveness, events, ended.signal)
    setWorking(true)
    const beside = [scrub(room, () => liveness.tryToBeTheOnly('scrub'), ended.signal), pruneRecords(room, ended.signal)]
    try {
      await Promise.race([aborted(stop), liveness.lost, failed, reap(room, ended.signal)])
    } finally {
      setWorking(false)
      ended.abort()
      await Promise.all([shutDown(workers, room), ...beside])
    }
  } finally {
    await liveness.close()
  }
}

function startWorkers(room: WorkingRoom, liveness: Liveness, events: EventEmitter, ended: AbortSignal): WorkerPool {
  const circuit = readSeldom(() => readCircuit(room.pool))
  const plugin: GraphileConfig.Plugin = {
    name: 'UploadBridgeLiveness',
    version: '1.0.0',
    worker: {
      hooks: {
        startWorker(_context, { worker }) {
          room.workerIds.add(worker.workerId)
          return liveness.claim(worker.workerId)
        },
      },
    },
  }
  const options = {
    concurrency: room.configuration.worker.concurrency,
    pollInterval,
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: abortDeliveriesAfter,
    logger: createQueueLogger(room.log),
    events,
    // While the circuit is open, deliveries stay in the queue as they are. Every upload that is acknowledged wakes the workers, and each then
    // looks through all that wait: the more wait, the more it costs. So they look seldom.
    async forbiddenFlags() {
      if (!(await circuit()).paused) return null
      await wait(pausedInterval, undefined, { signal: ended }).catch(() => {})
      return (await circuit()).paused ? [deliveryFlag] : null
    },
    preset: { plugins: [plugin] },
  }
  return runTaskList(options, createTasks(room), room.pool)
}

/** Milliseconds for which an answer counts: the queue asks for every upload that is acknowledged, and each delivery asks again itself. */
const goodFor = 250

function readSeldom<Answer>(read: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<Answer> | undefined
  let at = 0
  return () => {
    if (last === undefined || performance.now() - at > goodFor) {
      last = read()
      at = performance.now()
    }
    return last
  }
}

function failureOf(events: EventEmitter): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => {
    const fail = ({ error }: { error: unknown }) => reject(error)
    for (const event of ['worker:fatalError', 'worker:getJob:error', 'pool:listen:error']) events.on(event, fail)
  })
  failed.catch(() => {})
  return failed
}

async function reap(room: WorkingRoom, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await recoverFromTheDead(room)
    await wait(reapInterval, undefined, { signal: ended }).catch(() => {})
  }
}

// Neither way of shutting down always ends: one waits for ever if it loses its connection while it begins to listen.
async function shutDown(workers: WorkerPool, { log }: WorkerRoom): Promise<void> {
  const limit = new AbortController()
  const { signal } = limit
  const abandon = async () => {
    await wait(abandonAfter, undefined, { signal })
    await Promise.race([
      workers.forcefulShutdown('the worker is shutting down'),
      wait(leaveAfter, undefined, { signal }),
    ])
    log.warn('the queue did not let go in time and is left as it is')
  }
  await Promise.race([workers.gracefulShutdown(), abandon().catch(() => {})])
  limit.abort()
}

const payloadSchema = z.object({ id: z.string() })

/** The queue’s tasks by their names. */
function createTasks(room: WorkerRoom): TaskList {
  return {
    [deliverTask]: async (payload, { abortSignal = new AbortController().signal }) => {
      const { id } = payloadSchema.parse(payload)
      try {
        // Deliveries may have been paused since the queue was asked.
        if ((await readCircuit(room.pool)).paused) await queueDeliveries(room.pool, [id])
        else if (room.breaker.delay > 0) await queueDeliveries(room.pool, [id], room.breaker.delay)
        else await deliver(room, id, abortSignal)
      } catch (error) {
        // The queue's own waits grow to hours. Ours have a limit.
        room.log.error({ error, 'upload.id': id }, 'a delivery could not be attempted')
        await queueDeliveries(room.pool, [id], room.configuration.downstream.retry.max)
      }
    },
    [removeBytesTask]: payload => removeBytes(room, payloadSchema.parse(payload).id),
  }
}

/** Removes the bytes of a delivered upload. Leaves the bytes of any other upload. */
async function removeBytes(room: WorkerRoom, id: string): Promise<void> {
  const upload = await findUpload(room.pool, id)
  if (upload?.state !== 'delivered') return
  await rm(uploadFiles(room.folder, id).data, { force: true })
  await recordBytesRemoved(room.pool, id)
}
