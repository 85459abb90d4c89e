export { findUnseen, keepAlsoFired } from './also-fired.ts'
export {
  type AlertNow,
  type AskedAlerts,
  describeStartAlert,
  judgeAskedAlerts,
  judgeThen,
  type NamedAlert,
  type StartAlert,
} from './asked-alerts.ts'
export { describeCount, describeParts, describeTimes } from './describe-proof.ts'
export { type Diagnosis, type DiagnosisFlaw, isRowSound, judgeDiagnosis, type MatrixRow } from './diagnosis.ts'
export type { Actor, NotedProcess, Outcome, RunEvent, RunFact, RunHead } from './event.ts'
export { createFileStore } from './file-store/create-file-store.ts'
export { createStoreInTwoPlaces } from './file-store/two-places.ts'
export { findAwaited } from './find-awaited.ts'
export { applyEvent, foldRun } from './fold-run.ts'
export {
  foldIncident,
  type IncidentAlert,
  type IncidentQuestion,
  type IncidentState,
} from './incident/fold-incident.ts'
export {
  type IncidentEvent,
  type IncidentFact,
  type IncidentRole,
  ROLES,
  SEVERITIES,
  type Severity,
} from './incident/incident-event.ts'
export type { AddedEntry, IncidentEntry, IncidentStore, RecordedIncident } from './incident/incident-store.ts'
export type {
  ChangeMade,
  IncidentCard,
  IncidentView,
  TimelineEntry,
} from './incident/incident-view.ts'
export {
  type Claim,
  type Holder,
  isSameProcess,
  judgeActor,
  type Lease,
  type LeaseSubject,
  type PastHolder,
  type Unlocked,
  type Unlocking,
} from './lease.ts'
export type { MadeSilence } from './made-silence.ts'
export { coverMitigations, describeCoverage, type MitigationCoverage } from './mitigation-coverage.ts'
export { describeWaking, type Notified } from './notified.ts'
export { type KeptPractices, keepPractice, namePractices, type Practice, readPractices } from './practice.ts'
export {
  judgeProof,
  nameFaults,
  nameProof,
  type Proof,
  type ProofState,
  proofSchema,
  type Suggested,
  standsOnSchema,
} from './proof.ts'
export type { GivenAnswer, GivenNote, OpenQuestion, Question } from './question.ts'
export { type RunHistory, readHistory } from './run-history.ts'
export { makeRunId } from './run-id.ts'
export { listToReview, type RunState, type StepState, type ToReview } from './run-state.ts'
export type {
  Beginning,
  HeldHead,
  MissingRun,
  PrunedRun,
  PruneResult,
  RecordedRun,
  Recording,
  Review,
  RunStore,
  RunUnderWay,
} from './run-store.ts'
export type { Keeping, KeptBlob, RunWriter } from './run-writer.ts'
export {
  digest,
  type FaultContent,
  findChange,
  hashParts,
  type LabContent,
  type PartHash,
  type ProofPart,
  recordParts,
  type StandsOn,
} from './stands-on.ts'
export type {
  Evidence,
  Json,
  LeftProcess,
  StepError,
  StepMeta,
  StepResult,
  StepStatus,
  Suggestion,
} from './step-result.ts'
export { openUnrecordedRun } from './unrecorded-run.ts'
export {
  type Cure,
  describeChange,
  describeMore,
  listChanges,
  type Standing,
  type UnrevertedChange,
  type UnrevertedRun,
} from './unreverted.ts'
export { atLeastOne, explainEnding, type OutcomeEvidence, SENTENCES, type Steps, type Verdict } from './verdict.ts'
export {
  checkLedger,
  describeIncomplete,
  describeLedgerCheck,
  type GivenHead,
  isBroken,
  type LedgerCheck,
} from './verify-ledger.ts'
export { findWordToType } from './word-to-type.ts'
