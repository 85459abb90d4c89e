export { bareEnvironment } from './bare-environment.ts'
export { distance, findClosest } from './closest-word.ts'
export { describeIssue } from './describe-issue.ts'
export { documentKey } from './document-key.ts'
export { formatDuration, parseDuration } from './duration.ts'
export type { Environment, Fact, SecretSource, Service, ServiceAction } from './environment.ts'
export { type HandbookFile, handbookFileSchema } from './handbook-file.ts'
export { formatPlace, type Problem, type Severity, type WaivedProblem } from './problem.ts'
export {
  identify,
  isFrozen,
  isRunning,
  killGroup,
  type ProcessIdentity,
  signalProcess,
} from './process-identity.ts'
export {
  findHandbookRoot,
  type Handbook,
  type HandbookResult,
  listPages,
  parseHandbookFile,
  readHandbook,
} from './read-handbook.ts'
export { isWithin, type Risk } from './risk.ts'
export { endOfImports, makeImportsDynamic } from './static-imports.ts'
export { toVariable } from './variable-name.ts'
export { findIssueOffset, findYamlOffset } from './yaml-place.ts'
