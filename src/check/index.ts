export { type CheckOptions, type CheckResult, checkHandbook, type ReadText } from './check-handbook.ts'
export { type DrillState, gatherProofContent, judgeDrills } from './proof-content.ts'
export { readRuleFiles } from './read-rule-files.ts'
export { readTextFrom } from './read-text.ts'
