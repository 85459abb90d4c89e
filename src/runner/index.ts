export { isOldRequest, readUntil, readWhoRuns } from './approval/describe-request.ts'
export { callKeygen, listOthers, NAMESPACE, verifyApproval } from './approval/verify-approval.ts'
export type { CredentialAsk } from './ask-credentials.ts'
export { findPageChanges, findTargetChanges } from './compare-with-record.ts'
export { findLeft } from './flow-roll-back.ts'
export { findObstacle, findRunner, type Obstacle, wantsDecision } from './may-resume.ts'
export type {
  Answer,
  AwaitedApproval,
  Clock,
  FailureAnswer,
  RunPorts,
  RunRequest,
  StepPlace,
  StepQuestion,
} from './run.ts'
export { runProcedure } from './run-procedure.ts'
