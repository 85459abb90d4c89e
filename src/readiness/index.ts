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
export { listChecks } from './collect-checks.ts'
export { hashPages } from './hash-pages.ts'
