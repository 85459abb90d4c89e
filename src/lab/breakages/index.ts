import type { Fault } from '../kit/fault.ts'
import { alertsGoNowhere } from './alerts-go-nowhere.ts'
import { banner } from './banner.ts'
import { blindValidation } from './blind-validation.ts'
import { blindVerification } from './blind-verification.ts'
import { blockedLoop } from './blocked-loop.ts'
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
import { failingUnderLoad } from './failing-under-load.ts'
import { fewUploadsAtOnce } from './few-uploads-at-once.ts'
import { firstFileOnly } from './first-file-only.ts'
import { forgedLines } from './forged-lines.ts'
import { forgottenPartials } from './forgotten-partials.ts'
import { forgottenRotation } from './forgotten-rotation.ts'
import { genericExitCodes } from './generic-exit-codes.ts'
import { guessableKeys } from './guessable-keys.ts'
import { halfRestarted } from './half-restarted.ts'
import { hardWiredPaths } from './hard-wired-paths.ts'
import { idsAsPaths } from './ids-as-paths.ts'
import { keysForEverybody } from './keys-for-everybody.ts'
import { largeFilesDeliveredFirst } from './large-files-delivered-first.ts'
import { lateErrorSeries } from './late-error-series.ts'
import { leakingUploads } from './leaking-uploads.ts'
import { livenessNeedsDatabase } from './liveness-needs-database.ts'
import { lostRequestIds } from './lost-request-ids.ts'
import { missingIndex } from './missing-index.ts'
import { namelessAudit } from './nameless-audit.ts'
import { namesBelieved } from './names-believed.ts'
import { namesOnDisk } from './names-on-disk.ts'
import { noAlertRules } from './no-alert-rules.ts'
import { noDurationHistogram } from './no-duration-histogram.ts'
import { noDurations } from './no-durations.ts'
import { noEventLoopLag } from './no-event-loop-lag.ts'
import { noProfiles } from './no-profiles.ts'
import { noQuota } from './no-quota.ts'
import { noResourceMetrics } from './no-resource-metrics.ts'
import { noSecurityHeaders } from './no-security-headers.ts'
import { noStartTime } from './no-start-time.ts'
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
import { readinessWaits } from './readiness-waits.ts'
import { readinessWithoutChecks } from './readiness-without-checks.ts'
import { readyWhileDraining } from './ready-while-draining.ts'
import { readyWithoutDatabase } from './ready-without-database.ts'
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
import { slowUploads } from './slow-uploads.ts'
import { stackTraces } from './stack-traces.ts'
import { tellingRefusals } from './telling-refusals.ts'
import { tellingStrangers } from './telling-strangers.ts'
import { traceAnswered } from './trace-answered.ts'
import { unauditedCommands } from './unaudited-commands.ts'
import { unauditedRefusals } from './unaudited-refusals.ts'
import { unauditedRequests } from './unaudited-requests.ts'
import { uncachedContent } from './uncached-content.ts'
import { uncountedRequests } from './uncounted-requests.ts'
import { undocumentedMetric } from './undocumented-metric.ts'
import { unexplainedMetrics } from './unexplained-metrics.ts'
import { unknownErrorCode } from './unknown-error-code.ts'
import { unlimitedRequests } from './unlimited-requests.ts'
import { unloggedFailures } from './unlogged-failures.ts'
import { unscanned } from './unscanned.ts'
import { workerUnscraped } from './worker-unscraped.ts'
import { wrongFreeSpace } from './wrong-free-space.ts'
import { zipBombs } from './zip-bombs.ts'

/** Faults of kind `defect`: each takes away a property that a check of the readiness assessment guards. */
export const breakages: readonly Fault[] = [
  alertsGoNowhere,
  banner,
  blindValidation,
  blindVerification,
  blockedLoop,
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
  failingUnderLoad,
  fewUploadsAtOnce,
  firstFileOnly,
  forgedLines,
  forgottenPartials,
  forgottenRotation,
  genericExitCodes,
  guessableKeys,
  halfRestarted,
  hardWiredPaths,
  idsAsPaths,
  keysForEverybody,
  largeFilesDeliveredFirst,
  lateErrorSeries,
  leakingUploads,
  livenessNeedsDatabase,
  lostRequestIds,
  missingIndex,
  namelessAudit,
  namesBelieved,
  namesOnDisk,
  noAlertRules,
  noDurationHistogram,
  noDurations,
  noEventLoopLag,
  noProfiles,
  noQuota,
  noResourceMetrics,
  noSecurityHeaders,
  noStartTime,
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
  readinessWaits,
  readinessWithoutChecks,
  readyWhileDraining,
  readyWithoutDatabase,
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
  slowUploads,
  stackTraces,
  tellingRefusals,
  tellingStrangers,
  traceAnswered,
  unauditedCommands,
  unauditedRefusals,
  unauditedRequests,
  uncachedContent,
  uncountedRequests,
  unexplainedMetrics,
  undocumentedMetric,
  unknownErrorCode,
  unlimitedRequests,
  unloggedFailures,
  unscanned,
  workerUnscraped,
  wrongFreeSpace,
  zipBombs,
]
