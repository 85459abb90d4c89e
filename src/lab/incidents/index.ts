// Written by scripts/write-indexes.mjs: what is added to this folder is in it after npm run build:cli.
import type { Fault } from '../kit/fault.ts'
import { admissionClosed } from './admission-closed/fault.ts'
import { alertmanagerFrozen } from './alertmanager-frozen/fault.ts'
import { alertmanagerKilled } from './alertmanager-killed/fault.ts'
import { apiHanging } from './api-hanging/fault.ts'
import { apiKilled } from './api-killed/fault.ts'
import { backupLocked } from './backup-locked/fault.ts'
import { badDeployment } from './bad-deployment/fault.ts'
import { certificateExpired } from './certificate-expired/fault.ts'
import { certificateExpiring } from './certificate-expiring/fault.ts'
import { certificateNotReloaded } from './certificate-not-reloaded/fault.ts'
import { cleanerLockedOut } from './cleaner-locked-out/fault.ts'
import { clientOutOfControl } from './client-out-of-control/fault.ts'
import { clocksDiffer } from './clocks-differ/fault.ts'
import { configurationCorrected } from './configuration-corrected/fault.ts'
import { configurationRefused } from './configuration-refused/fault.ts'
import { connectionsUsedUp } from './connections-used-up/fault.ts'
import { cpuLimited } from './cpu-limited/fault.ts'
import { databaseDown } from './database-down/fault.ts'
import { databaseFrozen } from './database-frozen/fault.ts'
import { debuggerAttached } from './debugger-attached/fault.ts'
import { deletedFileOpen } from './deleted-file-open/fault.ts'
import { deletedUploadOpen } from './deleted-upload-open/fault.ts'
import { deliveredNotRemoved } from './delivered-not-removed/fault.ts'
import { deliveriesPaused } from './deliveries-paused/fault.ts'
import { deliveriesSlow } from './deliveries-slow/fault.ts'
import { downstreamDown } from './downstream-down/fault.ts'
import { downstreamHanging } from './downstream-hanging/fault.ts'
import { eventLoopStalled } from './event-loop-stalled/fault.ts'
import { everythingSilenced } from './everything-silenced/fault.ts'
import { growth } from './growth/fault.ts'
import { indexDropped } from './index-dropped/fault.ts'
import { inodesExhausted } from './inodes-exhausted/fault.ts'
import { inodesTakenByPartials } from './inodes-taken-by-partials/fault.ts'
import { keyAbused } from './key-abused/fault.ts'
import { limitTooLow } from './limit-too-low/fault.ts'
import { logFlood } from './log-flood/fault.ts'
import { malwareUploaded } from './malware-uploaded/fault.ts'
import { memoryLeak } from './memory-leak/fault.ts'
import { neverBackedUp } from './never-backed-up/fault.ts'
import { newReleaseLeaks } from './new-release-leaks/fault.ts'
import { prometheusFrozen } from './prometheus-frozen/fault.ts'
import { prometheusKilled } from './prometheus-killed/fault.ts'
import { releaseNotRestarted } from './release-not-restarted/fault.ts'
import { replicationSlotAbandoned } from './replication-slot-abandoned/fault.ts'
import { reportHoldsSnapshot } from './report-holds-snapshot/fault.ts'
import { reportLocksTable } from './report-locks-table/fault.ts'
import { restoreDrillOld } from './restore-drill-old/fault.ts'
import { retriesFarApart } from './retries-far-apart/fault.ts'
import { rowsLeftLocked } from './rows-left-locked/fault.ts'
import { scannerDown } from './scanner-down/fault.ts'
import { scannerFrozen } from './scanner-frozen/fault.ts'
import { storageFilling } from './storage-filling/fault.ts'
import { storageRunInterrupted } from './storage-run-interrupted/fault.ts'
import { transactionLeftOpen } from './transaction-left-open/fault.ts'
import { uploadDamaged } from './upload-damaged/fault.ts'
import { uploadsLost } from './uploads-lost/fault.ts'
import { watchdogUnrouted } from './watchdog-unrouted/fault.ts'
import { workerClockDiffers } from './worker-clock-differs/fault.ts'
import { workerCrashes } from './worker-crashes/fault.ts'
import { workerFrozen } from './worker-frozen/fault.ts'
import { workerKilled } from './worker-killed/fault.ts'
import { workerVanished } from './worker-vanished/fault.ts'

/** The ways in which deployments really break, and which runbooks heal. */
export const faults: readonly Fault[] = [
  admissionClosed,
  alertmanagerFrozen,
  alertmanagerKilled,
  apiHanging,
  apiKilled,
  backupLocked,
  badDeployment,
  certificateExpired,
  certificateExpiring,
  certificateNotReloaded,
  cleanerLockedOut,
  clientOutOfControl,
  clocksDiffer,
  configurationCorrected,
  configurationRefused,
  connectionsUsedUp,
  cpuLimited,
  databaseDown,
  databaseFrozen,
  debuggerAttached,
  deletedFileOpen,
  deletedUploadOpen,
  deliveredNotRemoved,
  deliveriesPaused,
  deliveriesSlow,
  downstreamDown,
  downstreamHanging,
  eventLoopStalled,
  everythingSilenced,
  growth,
  indexDropped,
  inodesExhausted,
  inodesTakenByPartials,
  keyAbused,
  limitTooLow,
  logFlood,
  malwareUploaded,
  memoryLeak,
  neverBackedUp,
  newReleaseLeaks,
  prometheusFrozen,
  prometheusKilled,
  releaseNotRestarted,
  replicationSlotAbandoned,
  reportHoldsSnapshot,
  reportLocksTable,
  restoreDrillOld,
  retriesFarApart,
  rowsLeftLocked,
  scannerDown,
  scannerFrozen,
  storageFilling,
  storageRunInterrupted,
  transactionLeftOpen,
  uploadDamaged,
  uploadsLost,
  watchdogUnrouted,
  workerClockDiffers,
  workerCrashes,
  workerFrozen,
  workerKilled,
  workerVanished,
]
