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
  StepResult,
  StepStatus,
  Suggestion,
} from './event.ts'
export { createFileStore } from './file-store/create-file-store.ts'
export { judgeActor } from './judge-actor.ts'
export type { FaultContent, LabContent } from './lab-content.ts'
export { type Claim, type Holder, isSameProcess, type Lease, type PastHolder } from './lease.ts'
export { type Proof, proofSchema, standsOnSchema } from './proof.ts'
export { describeParts, judgeProof, nameProof, type ProofState } from './proof-state.ts'
export type { GivenAnswer, OpenQuestion, Question } from './question.ts'
export { type RunHistory, readHistory } from './run-history.ts'
export { makeRunId } from './run-id.ts'
export { foldRun, type RunState, type StepState } from './run-state.ts'
export type { KeptBlob, RecordedRun, Recording, RunStore, RunWriter, UnrevertedRun } from './run-store.ts'
export {
  digest,
  findChange,
  hashParts,
  type PartHash,
  type ProofPart,
  recordParts,
  type StandsOn,
} from './stands-on.ts'
export { openUnrecordedRun } from './unrecorded-run.ts'
