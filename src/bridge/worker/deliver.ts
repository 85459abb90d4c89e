import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration/schema.ts'
import { queueDeliveries } from '../database/queue.ts'
import { recordDamage } from '../database/scrub-state.ts'
import { holdDelivery, recordDelivered, recordFailedAttempt } from '../database/upload-states.ts'
import { findUpload, type UploadRow } from '../database/uploads.ts'
import { findDamage } from '../storage/find-damage.ts'
import { uploadFiles } from '../storage/layout.ts'
import { describeTransfer } from '../telemetry/log.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { CountAttempt } from './metrics.ts'
import { DamagedBytesError, type DeliveryResult, sendDownstream } from './send-downstream.ts'

/** Attempts one delivery and records the result. A failed attempt queues the next one and does not fail the job. */
export async function deliver(room: WorkerRoom, id: string, signal: AbortSignal): Promise<void> {
  const upload = await findUpload(room.pool, id)
  if (upload?.state !== 'pending') return
  const path = uploadFiles(room.folder, id).data
  const damage = await findDamage(path, upload.size)
  if (damage !== undefined) return holdDamaged(room, id, damage)
  const { url, token, timeout, answerTimeout = timeout } = room.configuration.downstream
  const started = performance.now()
  const ended = room.breaker.begin()
  let end: Parameters<typeof ended>[0] = 'broken-off'
  try {
    const outcome = await sendDownstream({ url, token, timeout, answerTimeout, upload, path, signal })
    end = 'isOutage' in outcome && outcome.isOutage ? 'outage' : 'answered'
    await record(room, upload, outcome, (performance.now() - started) / 1000)
  } catch (error) {
    if (error instanceof DamagedBytesError) return holdDamaged(room, id, error.message)
    if (!signal.aborted) throw error
    // The worker shuts down, and the next worker begins at once.
    await queueDeliveries(room.pool, [id])
  } finally {
    ended(end)
  }
}

async function holdDamaged(room: WorkerRoom, id: string, reason: string): Promise<void> {
  room.log.error({ 'upload.id': id, reason }, 'an acknowledged upload is damaged; holding it')
  await recordDamage(room.pool, id, reason)
}

async function record(room: WorkerRoom, upload: UploadRow, outcome: DeliveryResult, seconds: number): Promise<void> {
  const { downstream, storage } = room.configuration
  room.countAttempt(outcome.result, seconds)
  const fields = {
    'upload.id': upload.id,
    'delivery.result': outcome.result,
    'delivery.attempt': upload.attempts + 1,
    ...describeTransfer(upload.size, seconds),
  }
  switch (outcome.result) {
    case 'acknowledged':
      room.log.info(fields, 'delivered')
      return recordDelivered(room.pool, upload.id, storage.retainDelivered)
    case 'mismatch':
    case 'refused':
    case 'unreachable':
    case 'timeout':
      break
    default:
      outcome satisfies never
  }
  if (outcome.isPermanent) {
    room.log.error({ ...fields, 'delivery.error': outcome.error }, 'downstream refused an upload for good; holding it')
    await recordFailedAttempt(room.pool, upload.id, `${outcome.result}: ${outcome.error}`, downstream.retry.max)
    await holdDelivery(room.pool, upload.id, `downstream refused it for good: ${outcome.error}`)
    return
  }
  const delay = Math.max(backoffDelay(downstream.retry, upload.attempts + 1, Math.random), outcome.retryAfter ?? 0)
  room.log.warn({ ...fields, 'delivery.error': outcome.error, 'delivery.retry_after_ms': delay }, 'delivery failed')
  await recordFailedAttempt(room.pool, upload.id, `${outcome.result}: ${outcome.error}`, delay)
}

/** The parts of the service that the worker’s tasks need. */
export interface WorkerRoom {
  /** The configuration now in force. Read it each time, because it can change. */
  readonly configuration: Configuration
  readonly folder: string
  readonly pool: Pool
  readonly log: Logger
  readonly countAttempt: CountAttempt
  readonly breaker: CircuitBreaker
}

/** The limits of the wait between attempts, in milliseconds. */
interface Backoff {
  readonly initial: number
  readonly max: number
}

/**
 * The wait after a number of failed attempts, in milliseconds. It doubles up to the maximum, and a random part of up to half is taken off.
 */
export function backoffDelay({ initial, max }: Backoff, failedAttempts: number, random: () => number): number {
  const full = Math.min(max, initial * 2 ** Math.min(failedAttempts - 1, 30))
  return Math.round(full * (0.5 + random() / 2))
}
