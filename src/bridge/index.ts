export { type ConfigurationKey, listConfigurationKeys } from './configuration/keys.ts'
export { type ProblemCode, problemTypes } from './problem/problem-types.ts'
