export { permissions, roleMeanings, roles } from './auth/roles.ts'
export { type ConfigurationKey, listConfigurationKeys } from './configuration/list-keys.ts'
export { bridgectlExitCodes, type ExitCode, serviceExitCodes } from './exit-codes.ts'
export { problemTypes } from './problem/problem-types.ts'
