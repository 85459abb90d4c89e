import { resolve } from 'node:path'
import { refuseInUnitTests } from '../environment/refuse-in-unit-tests.ts'

/** The worker as it is installed, in a folder from which zx is found: it is built before all tests. */
export async function bundleWorker(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  refuseInUnitTests()
  return { folder: resolve('dist'), remove: async () => {} }
}
