export { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts'
export type { Environment, Fact, SecretSource, Service, ServiceAction } from './environment.ts'
export { formatPlace, type Problem, type Severity } from './problem.ts'
export { isWithin, type Risk } from './risk.ts'
