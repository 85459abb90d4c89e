export { findWaitingStep, type WaitingStep } from './approve-step.ts'
export {
  type AssessedDeployment,
  type AssessOptions,
  assessDeployment,
  demandCatalogue,
  keepAssessment,
  openCatalogue,
  readAssessmentPages,
} from './assess-deployment.ts'
export { type Audit, audit } from './audit.ts'
export type { AuditEntry, AuditKind } from './audit-entry.ts'
export { type CancelledRun, cancelRun } from './cancel-run.ts'
export { type CheckAlertsOptions, type CheckedAlerts, checkAlerts } from './check-alerts.ts'
export { type CheckedPages, type CheckRequest, checkPages, findCheckRoot, type LabFacts } from './check-pages.ts'
export { copyWorkspace } from './copy-workspace.ts'
export {
  askLab,
  demandFault,
  demandLab,
  describeFaults,
  listBreakable,
  listEveryFault,
  openProvableContent,
} from './demand-lab.ts'
export { type Examination, type ExamineOptions, examine } from './doctor/examine.ts'
export type { Finding } from './doctor/finding.ts'
export {
  demandReadable,
  findNearest,
  guess,
  guessNearest,
  RefusedError,
  UsageError,
} from './errors.ts'
export { type Call, type Calls, findCalls } from './find-calls.ts'
export { choosePage, findCalled, findProcedure } from './find-procedure.ts'
export { findRun, findStoreAround, sayWhenSlow, WATCHING } from './find-run.ts'
export { type ChangeOptions, changeIncident, declareIncident } from './incident/change-incident.ts'
export { type DraftedPostmortem, draftPostmortem } from './incident/draft-postmortem.ts'
export { type IncidentChange, incidentChangeSchema } from './incident/incident-change.ts'
export { type ObservedAlert, observeAlerts, type SeenAlerts } from './incident/observe-alerts.ts'
export { type ChatMessage, tellChat } from './incident/tell-chat.ts'
export type { RunMemory } from './incident/tell-run.ts'
export { listIncidents, viewIncident } from './incident/view-incident.ts'
export { inheritVariables } from './inherit-variables.ts'
export { listHeads } from './kept-heads.ts'
export {
  type AlertsThere,
  type AnsweredAlert,
  askAlertsThere,
  type FiringThere,
  listFiringThere,
  nameAnswered,
} from './list-firing.ts'
export { listUnrevertedAround, type PlacedChange } from './list-unreverted.ts'
export { beginPage, type NewPageKind } from './new-page/begin-page.ts'
export { listReachable, resolveEnvironment } from './open-environment.ts'
export { demandHandbook, findRulesFolder, findStore, openHandbook, readProcedures } from './open-handbook.ts'
export type { OrderAnswer } from './order-answer.ts'
export { type Pack, type PackOptions, packSite } from './pack/pack-site.ts'
export { listChangedPages, readSiteFacts, type SiteFacts } from './pack/read-site.ts'
export { hasCheapSteps, type LookOrder, lookOrderSchema, performLook } from './perform-look.ts'
export { performOrder, type RunOrder, runOrderSchema } from './perform-order.ts'
export { type PerformedRun, performRun, type ReadyRun } from './perform-run.ts'
export type { OpenEnvironment, Ports, Practice, Prompter, RunListener, Variables } from './ports.ts'
export { prepareRun, type RunOptions } from './prepare-run.ts'
export { pruneRecordedRuns } from './prune-runs.ts'
export { readBlobs } from './read-blobs.ts'
export { type OnCall, readOnCall } from './read-on-call.ts'
export { recallRedaction } from './recall-redaction.ts'
export { type ResumeOptions, resumeRun } from './resume-run.ts'
export { listReviews, type ReviewItem, reviewStep, TOO_MANY } from './reviews.ts'
export { type RollBackOptions, rollBackRun } from './roll-back-run.ts'
export { type DrilledRun, type LabWorld, type RunWorld, runPage, runPages } from './run-unattended.ts'
export { startSharedExecutor } from './start-executor.ts'
export { performTakeUp, type TakeUpOrder, takeUpOrderSchema } from './take-up-order.ts'
export { type ClearedLock, type UnlockOptions, unlock } from './unlock.ts'
export { findUsed } from './used-in-page.ts'
export { describeVerified, isVerified, type VerifiedRun, type VerifyOptions, verifyRuns } from './verify-run.ts'
