import { join } from 'node:path'
import type { RotatingFile } from '../telemetry/rotating-file.ts'
import type { Configuration } from './schema.ts'

/** The file of the audit trail. */
export function auditFile({ audit, state }: Configuration): RotatingFile {
  return { path: audit.path ?? join(state.path, 'audit.ndjson'), maxSize: audit.maxSize, keep: audit.keep }
}

/** The file that gets the log as well; undefined when it goes to stdout alone. */
export function logFile({ log }: Configuration): RotatingFile | undefined {
  return log.file === undefined ? undefined : { path: log.file, maxSize: log.maxSize, keep: log.keep }
}
