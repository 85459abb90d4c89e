export { type AskedAlerts, judgeAskedAlerts, type NamedAlert } from './asked-alerts.ts'
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
  describeParts,
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
