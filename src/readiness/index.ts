export { type AssessedPage, assess, type Circumstances } from './assess.ts'
export type {
  AreaScore,
  Assessment,
  CheckResult,
  ItemResult,
  Next,
  Result,
} from './assessment.ts'
export { AREAS, type Area, findItem, type Item } from './catalogue.ts'
export { collectChecks, listChecks } from './collect-checks.ts'
export { hashChecks } from './hash-checks.ts'
export { judgeTrial, type Trial, type TrialVerdict } from './judge-trial.ts'
export { type CheckProof, type CheckProofs, checkProofsSchema } from './proof-of-check.ts'
export { proveChecks } from './prove-checks.ts'
