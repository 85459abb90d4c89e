export { type AskedAlerts, judgeAskedAlerts, type NamedAlert } from './asked-alerts.ts'
export type {
  Actor,
  Cure,
  Evidence,
  Json,
  NotedProcess,
  Outcome,
  RunEvent,
  RunFact,
  Standing,
  StepError,
  StepStatus,
  Suggestion,
} from './event.ts'
export type { FaultContent, LabContent } from './lab-content.ts'
export { type Proof, proofSchema, standsOnSchema } from './proof.ts'
export { describeParts, judgeProof, nameProof, type ProofState } from './proof-state.ts'
export { foldRun, type RunState, type StepState } from './run-state.ts'
export {
  digest,
  findChange,
  hashParts,
  type PartHash,
  type ProofPart,
  recordParts,
  type StandsOn,
} from './stands-on.ts'
