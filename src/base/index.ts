export { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts'
export { findProgram } from './find-program.ts'
export {
  describeYamlError,
  findIssueOffset,
  findNamelessKey,
  findYamlOffset,
  NAMELESS,
  NAMELESS_HINT,
  parseYaml,
} from './parse-yaml.ts'
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
export { describeIssue, documentKey } from './schemas.ts'
export { SITE_FACTS } from './site-facts.ts'
export { endOfImports, findScriptPlace, makeImportsDynamic } from './static-imports.ts'
export { createScreen, formatJson, LEGIBLE, makeVisible } from './visible.ts'
export { countOf, describeFailure, distance, findClosest, toVariable } from './words.ts'
