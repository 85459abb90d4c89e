export { findWaitingStep, type WaitingStep } from './approve-step.ts'
export { askLab } from './ask-lab.ts'
export { type AssessedDeployment, type AssessOptions, assessDeployment, keepAssessment } from './assess-deployment.ts'
export { type CancelledRun, cancelRun } from './cancel-run.ts'
export { type CheckAlertsOptions, type CheckedAlerts, checkAlerts } from './check-alerts.ts'
export { type CheckedPages, type CheckRequest, checkPages, findCheckRoot, type LabFacts } from './check-pages.ts'
export { BrokenPageError, UsageError } from './errors.ts'
export { choosePage, findCalled, findProcedure } from './find-procedure.ts'
export { findRun, findStoreAround, sayWhenSlow, WATCHING } from './find-run.ts'
export { findNearest, guess, guessNearest } from './guess.ts'
export { inheritVariables } from './inherit-variables.ts'
export { findUnreverted, listUnreverted, type PlacedChange } from './list-unreverted.ts'
export { beginPage, type PageKind } from './new-page/begin-page.ts'
export { demandCatalogue, openCatalogue, readAssessmentPages } from './open-assessment.ts'
export { demandHandbook, findRulesFolder, findStore, openHandbook, readProcedures } from './open-handbook.ts'
export {
  demandFault,
  demandLab,
  describeFaults,
  listBreakable,
  listEveryFault,
  openProvableContent,
} from './open-lab.ts'
export { type PerformedRun, performRun, type ReadyRun } from './perform-run.ts'
export type { OpenEnvironment, Ports, Practice, Prompter, RunListener, Variables } from './ports.ts'
export { prepareRun, type RunOptions } from './prepare-run.ts'
export { pruneRecordedRuns } from './prune-runs.ts'
export { readBlobs } from './read-blobs.ts'
export { type ResumeOptions, resumeRun } from './resume-run.ts'
export { type RollBackOptions, rollBackRun } from './roll-back-run.ts'
export { type DrilledRun, type LabWorld, type RunWorld, runPage } from './run-page.ts'
export { runPages } from './run-pages.ts'
export { type VerifiedRun, type VerifyOptions, verifyRuns } from './verify-run.ts'
