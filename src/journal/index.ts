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
  judgeProof,
  nameProof,
  type Proof,
  type ProofState,
  proofSchema,
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
