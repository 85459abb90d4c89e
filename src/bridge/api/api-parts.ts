import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { type Authenticate, createAuthenticate } from '../auth/authenticate.ts'
import { BlockedClients } from '../auth/blocked-clients.ts'
import { createKnownKeys, type KnownKeys, keysPath } from '../auth/keys-file.ts'
import type { Configuration } from '../configuration/schema.ts'
import { createInspectContent } from '../content/inspect-content.ts'
import { listBlocks } from '../database/blocks.ts'
import { ClockWatch } from '../database/clock-offset.ts'
import { DatabaseMonitor } from '../database/database-monitor.ts'
import { createPool } from '../database/pool.ts'
import { sumBytesAtRest } from '../database/uploads.ts'
import type { ServiceContext } from '../run-process.ts'
import { createUploadsFolder } from '../storage/layout.ts'
import { measurePartials, PartialsWatch } from '../storage/partials-watch.ts'
import { Space } from '../storage/space.ts'
import { WriterLeases } from '../storage/writer-lease.ts'
import type { WriteAudit } from '../telemetry/audit.ts'
import {
  createClockMetric,
  createConfigurationMetrics,
  createLogMetric,
  createRegistry,
} from '../telemetry/process-metrics.ts'
import { createTusHandler, type HandleTus } from '../tus/tus-server.ts'
import { UploadStore } from '../tus/upload-store.ts'
import { type AdmitUpload, createAdmitUpload, Quota } from '../uploads/admit-upload.ts'
import { Cleaner } from '../uploads/clean-expired.ts'
import { createFinishUpload, type FinishingRoom } from '../uploads/finish-upload.ts'
import { IdempotencyKeys } from '../uploads/idempotency-keys.ts'
import { reconcile } from '../uploads/reconcile.ts'
import { Drain } from './drain.ts'
import {
  type AnsweredRequest,
  createRequestMetrics,
  createUploadMetrics,
  createUploadRecord,
  type UploadMetrics,
} from './metrics.ts'
import { createStateMetrics } from './state-metrics.ts'

/** The parts of the API, and how to stop what they do by themselves. */
interface RunningApi {
  readonly parts: ApiParts
  stop(): Promise<void>
}

const reconcileInterval = 30_000

/** Joins the parts of the API and begins to watch the database. */
export async function createApiParts(context: ServiceContext): Promise<RunningApi> {
  const { live, version, bundleFolder, log, audit } = context
  const { storage, state, database } = live.current
  const folder = await createUploadsFolder(storage.path)
  await mkdir(state.path, { recursive: true })
  const registry = createRegistry(version)
  createConfigurationMetrics(registry, live)
  createLogMetric(registry, context.logged)
  const uploadMetrics = createUploadMetrics(registry)
  const pool = createPool(database, 'upload-bridge-api', log)
  const clock = new ClockWatch(pool)
  createClockMetric(registry, () => clock.offset)
  const record = createUploadRecord(log, audit, uploadMetrics)
  const leases = new WriterLeases(folder)
  const inspect = createInspectContent(() => live.current, [execPath, join(bundleFolder, 'api.cjs')])
  const finishing = { folder, pool, leases, onAcknowledged: record, inspect }
  const finish = createFinishUpload(finishing)
  const firstSeen = new Map<string, number>()
  const repair = async (reach: 'all' | 'sealed') => {
    try {
      await reconcile({ folder, pool, finish, log, now: () => performance.now(), firstSeen }, reach)
    } catch (error) {
      log.warn({ error }, 'reconciling failed; trying again later')
    }
  }
  const monitor = new DatabaseMonitor({
    pool,
    log,
    agreedRate: () => live.current.downstream.agreedRate,
    onUp: () => void repair('all'),
  })
  const quota = new Quota(live, client => sumBytesAtRest(pool, client))
  const admit = createAdmitUpload({ live, quota, isDatabaseUp: () => monitor.isUp, log })
  const expireAfter = () => live.current.storage.expireAfter
  const space = new Space({ folder, reserve: () => live.current.storage.reserve })
  const measure = measurePartials(folder, space)
  const partials = new PartialsWatch({
    measure,
    log,
    wait: time => wait(time, undefined, { ref: false }),
    now: () => performance.now(),
  })
  const cleaner = new Cleaner({ folder, expireAfter, log, now: () => new Date() })
  const store = new UploadStore({ folder, pool, finish, space, leases, expireAfter })
  const blocked = new BlockedClients({ list: () => listBlocks(pool), now: () => performance.now() })
  const knownKeys = createKnownKeys(() => keysPath(live.current))
  const parts: ApiParts = {
    version,
    get configuration() {
      return live.current
    },
    log,
    audit,
    pool,
    folder,
    monitor,
    knownKeys,
    blocked,
    authenticate: createAuthenticate(live, knownKeys),
    quota,
    idempotency: new IdempotencyKeys(pool, () => live.current.api.idempotencyKept),
    admit,
    space,
    finishing,
    registry,
    uploadMetrics,
    handleTus: createTusHandler({
      store,
      leases,
      admit,
      finish,
      maxUploadSize: () => live.current.storage.maxUploadSize,
    }),
    observeState: createStateMetrics(registry, {
      storagePath: storage.path,
      statePath: state.path,
      scan: () => live.current.scan,
      monitor,
      partials,
      cleaner,
      log,
    }),
    countRequest: createRequestMetrics(registry, version),
    drain: new Drain(),
  }
  await monitor.start()
  await cleaner.start()
  void clock.start()
  await partials.start()
  const blocksRead = blocked.start()
  if (monitor.isUp) await blocksRead
  const timer = setInterval(() => monitor.isUp && void repair('sealed'), reconcileInterval)
  return {
    parts,
    async stop() {
      clearInterval(timer)
      cleaner.stop()
      clock.stop()
      partials.stop()
      blocked.stop()
      monitor.stop()
      await pool.end()
    },
  }
}

/** Everything that the handlers of the API work with. */
export interface ApiParts {
  readonly version: string
  /** The configuration now in force. Read it each time, because it can change. */
  readonly configuration: Configuration
  readonly log: Logger
  readonly audit: WriteAudit
  readonly pool: Pool
  readonly folder: string
  readonly monitor: DatabaseMonitor
  readonly knownKeys: KnownKeys
  readonly blocked: BlockedClients
  readonly authenticate: Authenticate
  readonly quota: Quota
  readonly idempotency: IdempotencyKeys
  readonly admit: AdmitUpload
  readonly space: Space
  readonly finishing: FinishingRoom
  readonly handleTus: HandleTus
  readonly registry: Registry
  readonly observeState: () => Promise<void>
  readonly countRequest: (request: AnsweredRequest) => void
  readonly uploadMetrics: UploadMetrics
  readonly drain: Drain
}
