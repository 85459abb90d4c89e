import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseInUnitTests } from '../../environment/refuse-in-unit-tests.ts'

/** The programs of Upload Bridge, bundled as they are released. */
export interface BridgeBundles {
  readonly api: string
  readonly worker: string
  readonly bridgectl: string
}

/** Copies the three programs, which are built before all tests, into a folder that every account may read. */
export async function bundleBridge(folder: string): Promise<BridgeBundles> {
  refuseInUnitTests()
  await cp(join('dist', 'bridge'), join(folder, 'bridge'), { recursive: true })
  const bundle = (name: string) => join(folder, 'bridge', `${name}.cjs`)
  return { api: bundle('api'), worker: bundle('worker'), bridgectl: bundle('bridgectl') }
}
