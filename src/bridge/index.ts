export { listConfigurationKeys } from './configuration/keys.ts'
export { problemTypes } from './problem/problem-types.ts'
