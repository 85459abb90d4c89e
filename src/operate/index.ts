export {
  type AssessedDeployment,
  type AssessOptions,
  assessDeployment,
  demandCatalogue,
  keepAssessment,
  openCatalogue,
  readAssessmentPages,
} from './assess/assess-deployment.ts'
export { copyWorkspace } from './assess/copy-workspace.ts'
export { type Audit, audit } from './audit/audit.ts'
export type { AuditEntry, AuditKind } from './audit/audit-entry.ts'
export { listHeads } from './audit/kept-heads.ts'
export { describeVerified, isVerified, type VerifiedRun, type VerifyOptions, verifyRuns } from './audit/verify-run.ts'
export { type CheckAlertsOptions, type CheckedAlerts, checkAlerts } from './check-alerts.ts'
export { type CheckedPages, type CheckRequest, checkPages, findCheckRoot, type LabFacts } from './check-pages.ts'
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
export { type ChangeOptions, changeIncident, declareIncident } from './incident/change-incident.ts'
export { type DraftedPostmortem, draftPostmortem } from './incident/draft-postmortem.ts'
export { type IncidentChange, incidentChangeSchema } from './incident/incident-change.ts'
export { type ObservedAlert, observeAlerts, type SeenAlerts } from './incident/observe-alerts.ts'
export { type ChatMessage, tellChat } from './incident/tell-chat.ts'
export type { RunMemory } from './incident/tell-run.ts'
export { listIncidents, viewIncident } from './incident/view-incident.ts'
export { beginPage, type NewPageKind } from './new-page/begin-page.ts'
export { type Call, type Calls, findCalls } from './on-call/find-calls.ts'
export { type OnCall, readOnCall } from './on-call/read-on-call.ts'
export { choosePage, findCalled, findProcedure } from './open/find-procedure.ts'
export { inheritVariables } from './open/inherit-variables.ts'
export {
  type AlertsThere,
  type AnsweredAlert,
  askAlertsThere,
  type FiringThere,
  listFiringThere,
  nameAnswered,
} from './open/list-firing.ts'
export { listReachable, resolveEnvironment } from './open/open-environment.ts'
export { demandHandbook, findRulesFolder, findStore, openHandbook, readProcedures } from './open/open-handbook.ts'
export { findUsed } from './open/used-in-page.ts'
export { type Pack, type PackOptions, packSite } from './pack/pack-site.ts'
export { listChangedPages, readSiteFacts, type SiteFacts } from './pack/read-site.ts'
export { findWaitingStep, type WaitingStep } from './perform/approve-step.ts'
export { type Confinement, confine } from './perform/confine.ts'
export type { OrderAnswer } from './perform/order-answer.ts'
export { hasCheapSteps, type LookOrder, lookOrderSchema, performLook } from './perform/perform-look.ts'
export { performOrder, type RunOrder, runOrderSchema } from './perform/perform-order.ts'
export { type PerformedRun, performRun, type ReadyRun } from './perform/perform-run.ts'
export { prepareRun, type RunOptions } from './perform/prepare-run.ts'
export { type ResumeOptions, resumeRun } from './perform/resume-run.ts'
export { type RollBackOptions, rollBackRun } from './perform/roll-back-run.ts'
export { type DrilledRun, type LabWorld, type RunWorld, runPage, runPages } from './perform/run-unattended.ts'
export { startSharedExecutor } from './perform/start-executor.ts'
export { performTakeUp, type TakeUpOrder, takeUpOrderSchema } from './perform/take-up-order.ts'
export type { OpenEnvironment, Ports, Practice, Prompter, RunListener, Variables } from './ports.ts'
export { type CancelledRun, cancelRun } from './runs/cancel-run.ts'
export { findRun, findStoreAround, sayWhenSlow, WATCHING } from './runs/find-run.ts'
export { listUnrevertedAround, type PlacedChange } from './runs/list-unreverted-changes.ts'
export { pruneRecordedRuns } from './runs/prune-runs.ts'
export { readBlobs } from './runs/read-blobs.ts'
export { recallRedaction } from './runs/recall-redaction.ts'
export { listReviews, type ReviewItem, reviewStep, TOO_MANY } from './runs/reviews.ts'
export { makeScratch } from './runs/scratch-folder.ts'
export { type ClearedLock, type UnlockOptions, unlock } from './runs/unlock.ts'
