import type { Fault } from '../fault.ts'
import { banner } from './banner.ts'
import { blindValidation } from './blind-validation.ts'
import { blindVerification } from './blind-verification.ts'
import { carelessImport } from './careless-import.ts'
import { configurationLeftOut } from './configuration-left-out.ts'
import { copiedRotation } from './copied-rotation.ts'
import { copyUnreachable } from './copy-unreachable.ts'
import { deafToEnvironment } from './deaf-to-environment.ts'
import { deafToSighup } from './deaf-to-sighup.ts'
import { defaultKey } from './default-key.ts'
import { echoingErrors } from './echoing-errors.ts'
import { endlessGuessing } from './endless-guessing.ts'
import { endlessLog } from './endless-log.ts'
import { endlessPatience } from './endless-patience.ts'
import { endlessUploads } from './endless-uploads.ts'
import { errorsAtStart } from './errors-at-start.ts'
import { errorsWithoutStack } from './errors-without-stack.ts'
import { expiredKeysWork } from './expired-keys-work.ts'
import { failedReload } from './failed-reload.ts'
import { firstFileOnly } from './first-file-only.ts'
import { forgedLines } from './forged-lines.ts'
import { forgottenRotation } from './forgotten-rotation.ts'
import { genericExitCodes } from './generic-exit-codes.ts'
import { guessableKeys } from './guessable-keys.ts'
import { halfRestarted } from './half-restarted.ts'
import { hardWiredPaths } from './hard-wired-paths.ts'
import { idsAsPaths } from './ids-as-paths.ts'
import { keysForEverybody } from './keys-for-everybody.ts'
import { lostRequestIds } from './lost-request-ids.ts'
import { namelessAudit } from './nameless-audit.ts'
import { namesBelieved } from './names-believed.ts'
import { namesOnDisk } from './names-on-disk.ts'
import { noDurations } from './no-durations.ts'
import { noQuota } from './no-quota.ts'
import { noResourceMetrics } from './no-resource-metrics.ts'
import { noSecurityHeaders } from './no-security-headers.ts'
import { oldTls } from './old-tls.ts'
import { openDoors } from './open-doors.ts'
import { partialsLost } from './partials-lost.ts'
import { pastedIds } from './pasted-ids.ts'
import { pastedNames } from './pasted-names.ts'
import { pathsAsLabels } from './paths-as-labels.ts'
import { plainConfigurationBackup } from './plain-configuration-backup.ts'
import { plainHealth } from './plain-health.ts'
import { plainLogs } from './plain-logs.ts'
import { plainWorkerLogs } from './plain-worker-logs.ts'
import { previousLost } from './previous-lost.ts'
import { publishedSecret } from './published-secret.ts'
import { quietLogs } from './quiet-logs.ts'
import { readableFiles } from './readable-files.ts'
import { readableSecrets } from './readable-secrets.ts'
import { readersPromoted } from './readers-promoted.ts'
import { readinessWithoutChecks } from './readiness-without-checks.ts'
import { renamedKey } from './renamed-key.ts'
import { restoreWithoutBytes } from './restore-without-bytes.ts'
import { revokedKeysWork } from './revoked-keys-work.ts'
import { secretsInDump } from './secrets-in-dump.ts'
import { secretsInLogs } from './secrets-in-logs.ts'
import { shortAuditTrail } from './short-audit-trail.ts'
import { shownInBrowsers } from './shown-in-browsers.ts'
import { silentBackups } from './silent-backups.ts'
import { silentReloadFailure } from './silent-reload-failure.ts'
import { slowStart } from './slow-start.ts'
import { stackTraces } from './stack-traces.ts'
import { tellingRefusals } from './telling-refusals.ts'
import { tellingStrangers } from './telling-strangers.ts'
import { traceAnswered } from './trace-answered.ts'
import { unauditedCommands } from './unaudited-commands.ts'
import { unauditedRefusals } from './unaudited-refusals.ts'
import { unauditedRequests } from './unaudited-requests.ts'
import { uncountedRequests } from './uncounted-requests.ts'
import { unexplainedMetrics } from './unexplained-metrics.ts'
import { unknownErrorCode } from './unknown-error-code.ts'
import { unloggedFailures } from './unlogged-failures.ts'
import { unscanned } from './unscanned.ts'
import { zipBombs } from './zip-bombs.ts'

/** Faults of kind `defect`: each takes away a property that a check of the readiness assessment guards. */
export const breakages: readonly Fault[] = [
  banner,
  blindValidation,
  blindVerification,
  carelessImport,
  configurationLeftOut,
  copiedRotation,
  copyUnreachable,
  deafToEnvironment,
  deafToSighup,
  defaultKey,
  echoingErrors,
  endlessGuessing,
  endlessLog,
  endlessPatience,
  endlessUploads,
  errorsAtStart,
  errorsWithoutStack,
  expiredKeysWork,
  failedReload,
  firstFileOnly,
  forgedLines,
  forgottenRotation,
  genericExitCodes,
  guessableKeys,
  halfRestarted,
  hardWiredPaths,
  idsAsPaths,
  keysForEverybody,
  lostRequestIds,
  namelessAudit,
  namesBelieved,
  namesOnDisk,
  noDurations,
  noQuota,
  noResourceMetrics,
  noSecurityHeaders,
  oldTls,
  openDoors,
  partialsLost,
  pastedIds,
  pastedNames,
  pathsAsLabels,
  plainConfigurationBackup,
  plainHealth,
  plainLogs,
  plainWorkerLogs,
  previousLost,
  publishedSecret,
  quietLogs,
  readableFiles,
  readableSecrets,
  readersPromoted,
  readinessWithoutChecks,
  renamedKey,
  restoreWithoutBytes,
  revokedKeysWork,
  secretsInDump,
  secretsInLogs,
  shortAuditTrail,
  shownInBrowsers,
  silentBackups,
  silentReloadFailure,
  slowStart,
  stackTraces,
  tellingRefusals,
  tellingStrangers,
  traceAnswered,
  unauditedCommands,
  unauditedRefusals,
  unauditedRequests,
  uncountedRequests,
  unexplainedMetrics,
  unknownErrorCode,
  unloggedFailures,
  unscanned,
  zipBombs,
]
