import type { Fault } from '../fault.ts'
import { copiedRotation } from './copied-rotation.ts'
import { deafToSighup } from './deaf-to-sighup.ts'
import { endlessLog } from './endless-log.ts'
import { errorsWithoutStack } from './errors-without-stack.ts'
import { forgedLines } from './forged-lines.ts'
import { lostRequestIds } from './lost-request-ids.ts'
import { noDurations } from './no-durations.ts'
import { noResourceMetrics } from './no-resource-metrics.ts'
import { pathsAsLabels } from './paths-as-labels.ts'
import { plainHealth } from './plain-health.ts'
import { plainLogs } from './plain-logs.ts'
import { plainWorkerLogs } from './plain-worker-logs.ts'
import { quietLogs } from './quiet-logs.ts'
import { readinessWithoutChecks } from './readiness-without-checks.ts'
import { secretsInLogs } from './secrets-in-logs.ts'
import { shortAuditTrail } from './short-audit-trail.ts'
import { unauditedCommands } from './unaudited-commands.ts'
import { unauditedRequests } from './unaudited-requests.ts'
import { uncountedRequests } from './uncounted-requests.ts'
import { unexplainedMetrics } from './unexplained-metrics.ts'
import { unknownErrorCode } from './unknown-error-code.ts'
import { unloggedFailures } from './unlogged-failures.ts'

/** Faults of kind `defect`: each takes away a property that a check of the readiness assessment guards. */
export const breakages: readonly Fault[] = [
  copiedRotation,
  deafToSighup,
  endlessLog,
  errorsWithoutStack,
  forgedLines,
  lostRequestIds,
  noDurations,
  noResourceMetrics,
  pathsAsLabels,
  plainHealth,
  plainLogs,
  plainWorkerLogs,
  quietLogs,
  readinessWithoutChecks,
  secretsInLogs,
  shortAuditTrail,
  unauditedCommands,
  unauditedRequests,
  uncountedRequests,
  unexplainedMetrics,
  unknownErrorCode,
  unloggedFailures,
]
