import { build } from 'esbuild'
import { refuseInUnitTests } from './refuse-in-unit-tests.ts'

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
