export { listConfigurationKeys } from './configuration/keys.ts'
export { bridgectlExitCodes, serviceExitCodes } from './exit-codes.ts'
export { problemTypes } from './problem/problem-types.ts'
