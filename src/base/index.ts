export { distance, findClosest } from './closest-word.ts'
export { countOf } from './count.ts'
export { describeFailure } from './describe-failure.ts'
export { describeIssue } from './describe-issue.ts'
export { documentKey } from './document-key.ts'
export { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts'
export { findProgram } from './find-program.ts'
export { describeYamlError, parseYaml } from './parse-yaml.ts'
export { formatPlace, type Problem, type Severity, type WaivedProblem } from './problem.ts'
export {
  identify,
  isFrozen,
  isNumberInUse,
  isOfThisBoot,
  isRunning,
  killGroup,
  type ProcessIdentity,
  signalProcess,
} from './process-identity.ts'
export { isWithin, type Risk } from './risk.ts'
export { endOfImports, makeImportsDynamic } from './static-imports.ts'
export { toVariable } from './variable-name.ts'
export { createScreen, makeVisible } from './visible.ts'
export { findIssueOffset, findYamlOffset } from './yaml-place.ts'
