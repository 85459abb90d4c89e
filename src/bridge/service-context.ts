import type { Logger } from 'pino'
import type { LiveConfiguration } from './configuration/live-configuration.ts'
import type { ProfiledProgram } from './profiling/profile-request.ts'
import type { WriteAudit } from './telemetry/audit.ts'

/** What a service process is given by its entry. */
export interface ProcessContext {
  readonly service: string
  readonly program: ProfiledProgram
  /** Folder of the bundle, where the file VERSION is. */
  readonly bundleFolder: string
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: { write(line: string): void }
  readonly stop: AbortSignal
  /** Calls back on every SIGHUP. */
  readonly onReload: (listener: () => void) => void
}

/** What both services are given to run with. */
export interface ServiceContext {
  readonly live: LiveConfiguration
  readonly version: string
  readonly log: Logger
  readonly audit: WriteAudit
  readonly stop: AbortSignal
}
