import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration/schema.ts'
import { createPool } from '../database/create-pool.ts'
import { createUploadsFolder } from '../storage/layout.ts'
import { createRegistry } from '../telemetry/process-metrics.ts'
import { createWorkerApp } from './create-worker-app.ts'
import { createDeliveryMetrics } from './delivery-metrics.ts'
import { runQueueSession } from './queue-session.ts'
import type { WorkerRoom } from './worker-room.ts'

const restartDelay = 500

/** Delivers until told to stop; a lost database ends a session with the queue, and the next begins when it is back. */
export async function runWorker(
  configuration: Configuration,
  version: string,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  const folder = await createUploadsFolder(configuration.storage.path)
  const registry = createRegistry(version)
  const pool = createPool(configuration.database, 'upload-bridge-worker', log)
  const room = { configuration, folder, pool, log, countAttempt: createDeliveryMetrics(registry) }
  const health = { working: false }
  const app = createWorkerApp({
    version,
    registry,
    storagePath: configuration.storage.path,
    isWorking: () => health.working,
    isDraining: () => stop.aborted,
  })
  const { host, port } = configuration.worker
  const url = await app.listen({ host, port })
  log.info({ url, host, port: portOf(app.server.address()) }, 'listening')
  await workUntilStopped(room, stop, health)
  await app.close()
  await pool.end()
  log.info('stopped')
}

async function workUntilStopped(room: WorkerRoom, stop: AbortSignal, health: { working: boolean }): Promise<void> {
  while (!stop.aborted) {
    try {
      await runQueueSession(room, stop, () => {
        health.working = true
        room.log.info('working on deliveries')
      })
    } catch (error) {
      room.log.error({ error }, 'the queue was lost; starting again')
      await wait(restartDelay, undefined, { signal: stop }).catch(() => {})
    } finally {
      health.working = false
    }
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}
