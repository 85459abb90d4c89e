export { type AssessedPage, assess, type Circumstances } from './assess.ts'
export { type Assessment, assessmentSchema, type CheckResult, type ItemResult, type Result } from './assessment.ts'
export {
  type Area,
  type Catalogue,
  catalogueSchema,
  findItem,
  type Item,
  parseCatalogue,
} from './catalogue-schema.ts'
export { collectChecks, listChecks } from './collect-checks.ts'
export { hashChecks } from './hash-checks.ts'
export { judgeTrial, type Trial, type TrialVerdict } from './judge-trial.ts'
export { keepHistory } from './keep-history.ts'
export { type CheckProof, type CheckProofs, checkProofsSchema, proveChecks } from './prove-checks.ts'
export { countMeasured, describeScore } from './score.ts'
