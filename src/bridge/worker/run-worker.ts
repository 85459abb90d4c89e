import { setTimeout as wait } from 'node:timers/promises'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { ClockWatch } from '../database/clock-offset.ts'
import { createPool } from '../database/pool.ts'
import { portOf, type ServiceContext } from '../run-process.ts'
import { createUploadsFolder } from '../storage/layout.ts'
import { createClockMetric } from '../telemetry/process-metrics.ts'
import { CertificateWatch, createCertificateMetric } from '../telemetry/served-certificates.ts'
import { CircuitBreaker } from './circuit-breaker.ts'
import { createWorkerApp } from './create-worker-app.ts'
import { backoffDelay } from './deliver.ts'
import { createWorkerMetrics } from './metrics.ts'
import { runQueueSession, type WorkingRoom } from './queue-session.ts'

const restartDelay = 500
// So that deliveries begin soon after downstream is back, however long uploads wait by themselves.
const longestCircuitWait = 15_000

/** Delivers until told to stop. A lost database ends a session with the queue, and the next one begins when it is back. */
export async function runWorker({ live, version, log, logged, stop }: ServiceContext): Promise<void> {
  const { storage, database, worker } = live.current
  const folder = await createUploadsFolder(storage.path)
  const { registry, countAttempt, countCrash, setCircuitOpen, scrubMetrics } = createWorkerMetrics(
    live,
    version,
    logged,
  )
  const breaker = new CircuitBreaker({
    failures: () => live.current.downstream.circuit.failures,
    wait: tries => Math.min(longestCircuitWait, backoffDelay(live.current.downstream.retry, tries, Math.random)),
    now: () => performance.now(),
    onChange(isOpen) {
      setCircuitOpen(isOpen)
      log.warn(
        isOpen ? 'downstream is away; only single attempts begin' : 'downstream is back; all attempts begin again',
      )
    },
  })
  const pool = createPool(database, 'upload-bridge-worker', log)
  const clock = new ClockWatch(pool)
  createClockMetric(registry, () => clock.offset)
  const certificates = new CertificateWatch(() => live.current.api.publicUrl)
  createCertificateMetric(registry, certificates)
  const room: WorkingRoom = {
    get configuration() {
      return live.current
    },
    folder,
    pool,
    log,
    countAttempt,
    scrubMetrics,
    countCrash,
    workerIds: new Set(),
    breaker,
  }
  const health = { working: false }
  const app = createWorkerApp({
    version,
    registry,
    storagePath: storage.path,
    downstreamUrl: () => live.current.downstream.url,
    showsVersion: () => live.current.api.showVersion,
    isWorking: () => health.working,
    isDraining: () => stop.aborted,
  })
  const { host, port } = worker
  const url = await app.listen({ host, port })
  log.info({ url, host, port: portOf(app.server.address()) }, 'listening')
  void clock.start()
  void certificates.start()
  await workUntilStopped(room, live, stop, health)
  await app.close()
  clock.stop()
  certificates.stop()
  await pool.end()
  log.info('stopped')
}

async function workUntilStopped(
  room: WorkingRoom,
  live: LiveConfiguration,
  stop: AbortSignal,
  health: { working: boolean },
): Promise<void> {
  while (!stop.aborted) {
    const { concurrency } = room.configuration.worker
    const changed = new AbortController()
    const stopWatching = live.onReload(() => {
      if (live.current.worker.concurrency !== concurrency) changed.abort()
    })
    try {
      // A session keeps its number of workers. A new session starts with the new number.
      await runQueueSession(room, AbortSignal.any([stop, changed.signal]), working => {
        health.working = working
        if (working) room.log.info({ 'worker.concurrency': concurrency }, 'working on deliveries')
      })
    } catch (error) {
      room.log.error({ error }, 'the queue was lost; starting again')
      await wait(restartDelay, undefined, { signal: stop }).catch(() => {})
    } finally {
      stopWatching()
    }
  }
}
