import { build } from 'esbuild'
import { refuseInUnitTests } from './refuse-in-unit-tests.ts'

/** Upload Bridge's programs: output name -> entry file. */
export const BRIDGE = {
  'bridge/api': 'src/bridge/api.entry.ts',
  'bridge/worker': 'src/bridge/worker.entry.ts',
  'bridge/bridgectl': 'src/bridge/bridgectl.entry.ts',
}

/** Bundles programs into a folder, as they are installed: output name -> entry file. */
export async function bundlePrograms(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
  external: readonly string[] = ['pg-native'],
): Promise<void> {
  refuseInUnitTests()
  await build({
    entryPoints: { ...entryPoints },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: [...external],
    logLevel: 'error',
  })
}
