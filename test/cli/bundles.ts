import { resolve } from 'node:path'
import { refuseInUnitTests } from '../environment/refuse-in-unit-tests.ts'

/** The folder of the bundles as they are installed, which are built before all tests. */
export function buildCli(): string {
  refuseInUnitTests()
  return resolve('dist')
}
