export type {
  Actor,
  Cure,
  Evidence,
  Json,
  LeftProcess,
  NotedProcess,
  Outcome,
  RunEvent,
  RunFact,
  RunHead,
  Standing,
  StepError,
  StepMeta,
  StepResult,
  StepStatus,
  Suggestion,
  UnrevertedChange,
} from './event.ts'
export { createFileStore } from './file-store/create-file-store.ts'
export { createStoreInTwoPlaces } from './file-store/two-places.ts'
export { type Claim, type Holder, isSameProcess, judgeActor, type Lease, type PastHolder } from './lease.ts'
export {
  describeCount,
  describeParts,
  describeTimes,
  digest,
  type FaultContent,
  findChange,
  hashParts,
  judgeProof,
  type LabContent,
  nameProof,
  type PartHash,
  type Proof,
  type ProofPart,
  type ProofState,
  proofSchema,
  recordParts,
  type StandsOn,
  standsOnSchema,
} from './proof.ts'
export type { GivenAnswer, OpenQuestion, Question } from './question.ts'
export { type RunHistory, readHistory } from './run-history.ts'
export { makeRunId } from './run-id.ts'
export { foldRun, type RunState, type StepState } from './run-state.ts'
export type {
  HeldHead,
  Keeping,
  KeptBlob,
  PruneResult,
  RecordedRun,
  Recording,
  RunStore,
  RunWriter,
  UnrevertedRun,
} from './run-store.ts'
export { openUnrecordedRun } from './unrecorded-run.ts'
export { describeChange, listChanges } from './unreverted.ts'
export {
  type AlertNow,
  type AskedAlerts,
  atLeastOne,
  describeStartAlert,
  explainEnding,
  judgeAskedAlerts,
  type NamedAlert,
  type OutcomeEvidence,
  SENTENCES,
  type StartAlert,
  type Steps,
  type Verdict,
} from './verdict.ts'
export { checkLedger, describeLedgerCheck, type GivenHead, isBroken, type LedgerCheck } from './verify-ledger.ts'
