import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration/schema.ts'
import type { CountAttempt } from './delivery-metrics.ts'

/** What the worker’s tasks work with. */
export interface WorkerRoom {
  /** The one in force; ask each time. */
  readonly configuration: Configuration
  readonly folder: string
  readonly pool: Pool
  readonly log: Logger
  readonly countAttempt: CountAttempt
}
