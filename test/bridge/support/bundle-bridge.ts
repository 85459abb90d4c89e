import { join } from 'node:path'
import { build } from 'esbuild'

/** The programs of Upload Bridge, bundled as they are released. */
export interface BridgeBundles {
  readonly api: string
  readonly worker: string
  readonly bridgectl: string
}

/** Bundles the three programs into a folder. */
export async function bundleBridge(folder: string): Promise<BridgeBundles> {
  await build({
    entryPoints: ['api', 'worker', 'bridgectl'].map(name => join('src/bridge', `${name}.entry.ts`)),
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
  })
  const bundle = (name: string) => join(folder, `${name}.entry.cjs`)
  return { api: bundle('api'), worker: bundle('worker'), bridgectl: bundle('bridgectl') }
}
