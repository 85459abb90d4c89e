import type { Fault } from '../fault.ts'
import { blindValidation } from './blind-validation.ts'
import { copiedRotation } from './copied-rotation.ts'
import { deafToEnvironment } from './deaf-to-environment.ts'
import { deafToSighup } from './deaf-to-sighup.ts'
import { endlessLog } from './endless-log.ts'
import { endlessPatience } from './endless-patience.ts'
import { errorsWithoutStack } from './errors-without-stack.ts'
import { failedReload } from './failed-reload.ts'
import { firstFileOnly } from './first-file-only.ts'
import { forgedLines } from './forged-lines.ts'
import { forgottenRotation } from './forgotten-rotation.ts'
import { genericExitCodes } from './generic-exit-codes.ts'
import { halfRestarted } from './half-restarted.ts'
import { lostRequestIds } from './lost-request-ids.ts'
import { noDurations } from './no-durations.ts'
import { noResourceMetrics } from './no-resource-metrics.ts'
import { pathsAsLabels } from './paths-as-labels.ts'
import { plainHealth } from './plain-health.ts'
import { plainLogs } from './plain-logs.ts'
import { plainWorkerLogs } from './plain-worker-logs.ts'
import { publishedSecret } from './published-secret.ts'
import { quietLogs } from './quiet-logs.ts'
import { readableSecrets } from './readable-secrets.ts'
import { readinessWithoutChecks } from './readiness-without-checks.ts'
import { renamedKey } from './renamed-key.ts'
import { secretsInDump } from './secrets-in-dump.ts'
import { secretsInLogs } from './secrets-in-logs.ts'
import { shortAuditTrail } from './short-audit-trail.ts'
import { silentReloadFailure } from './silent-reload-failure.ts'
import { unauditedCommands } from './unaudited-commands.ts'
import { unauditedRequests } from './unaudited-requests.ts'
import { uncountedRequests } from './uncounted-requests.ts'
import { unexplainedMetrics } from './unexplained-metrics.ts'
import { unknownErrorCode } from './unknown-error-code.ts'
import { unloggedFailures } from './unlogged-failures.ts'

/** Faults of kind `defect`: each takes away a property that a check of the readiness assessment guards. */
export const breakages: readonly Fault[] = [
  blindValidation,
  copiedRotation,
  deafToEnvironment,
  deafToSighup,
  endlessLog,
  endlessPatience,
  errorsWithoutStack,
  failedReload,
  firstFileOnly,
  forgedLines,
  forgottenRotation,
  genericExitCodes,
  halfRestarted,
  lostRequestIds,
  noDurations,
  noResourceMetrics,
  pathsAsLabels,
  plainHealth,
  plainLogs,
  plainWorkerLogs,
  publishedSecret,
  quietLogs,
  readableSecrets,
  readinessWithoutChecks,
  renamedKey,
  secretsInDump,
  secretsInLogs,
  shortAuditTrail,
  silentReloadFailure,
  unauditedCommands,
  unauditedRequests,
  uncountedRequests,
  unexplainedMetrics,
  unknownErrorCode,
  unloggedFailures,
]
