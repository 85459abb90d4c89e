import { join } from 'node:path'
import { BRIDGE, bundlePrograms } from '../../environment/bundle-programs.ts'

/** The programs of Upload Bridge, bundled as they are released. */
export interface BridgeBundles {
  readonly api: string
  readonly worker: string
  readonly bridgectl: string
}

/** Bundles the three programs into a folder. */
export async function bundleBridge(folder: string): Promise<BridgeBundles> {
  await bundlePrograms(BRIDGE, folder)
  const bundle = (name: string) => join(folder, 'bridge', `${name}.cjs`)
  return { api: bundle('api'), worker: bundle('worker'), bridgectl: bundle('bridgectl') }
}
