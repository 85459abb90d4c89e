import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Authenticate } from '../auth/authenticate.ts'
import type { KnownKeys } from '../auth/known-keys.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { DatabaseMonitor } from '../database/database-monitor.ts'
import type { WriteAudit } from '../telemetry/audit.ts'
import type { HandleTus } from '../tus/tus-server.ts'
import type { AdmitUpload } from '../uploads/admit-upload.ts'
import type { FinishingRoom } from '../uploads/finish-upload.ts'
import type { Quota } from '../uploads/quota.ts'
import type { Drain } from './drain.ts'
import type { AnsweredRequest } from './request-metrics.ts'
import type { UploadMetrics } from './upload-metrics.ts'

/** Everything that the handlers of the API work with. */
export interface Service {
  readonly version: string
  /** The one in force; ask each time. */
  readonly configuration: Configuration
  readonly log: Logger
  readonly audit: WriteAudit
  readonly pool: Pool
  readonly folder: string
  readonly monitor: DatabaseMonitor
  readonly knownKeys: KnownKeys
  readonly authenticate: Authenticate
  readonly quota: Quota
  readonly admit: AdmitUpload
  readonly finishing: FinishingRoom
  readonly handleTus: HandleTus
  readonly registry: Registry
  readonly observeState: () => Promise<void>
  readonly countRequest: (request: AnsweredRequest) => void
  readonly uploadMetrics: UploadMetrics
  readonly drain: Drain
}
