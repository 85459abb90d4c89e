export { type AskedAlerts, judgeAskedAlerts, type NamedAlert } from './asked-alerts.ts'
export { hashContent, type ProofContent } from './content-hash.ts'
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
export { type Proof, proofSchema } from './proof.ts'
export { judgeProof, nameProof, type ProofState } from './proof-state.ts'
export { foldRun, type RunState, type StepState } from './run-state.ts'
