import type { Fault } from '../fault.ts'
import { forgedLines } from './forged-lines.ts'
import { noDurations } from './no-durations.ts'
import { noResourceMetrics } from './no-resource-metrics.ts'
import { plainHealth } from './plain-health.ts'
import { plainLogs } from './plain-logs.ts'
import { quietLogs } from './quiet-logs.ts'
import { readinessWithoutChecks } from './readiness-without-checks.ts'
import { secretsInLogs } from './secrets-in-logs.ts'
import { uncountedRequests } from './uncounted-requests.ts'

/** Faults of kind `defect`: each takes away a property that a check of the readiness assessment guards. */
export const breakages: readonly Fault[] = [
  forgedLines,
  noDurations,
  noResourceMetrics,
  plainHealth,
  plainLogs,
  quietLogs,
  readinessWithoutChecks,
  secretsInLogs,
  uncountedRequests,
]
