import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ENTRIES = {
  'bridge/api': 'src/bridge/api.entry.ts',
  'bridge/worker': 'src/bridge/worker.entry.ts',
  'bridge/bridgectl': 'src/bridge/bridgectl.entry.ts',
  'lab/sink': 'src/lab/sink.entry.ts',
  'lab/service': 'src/lab/service.entry.ts',
  supervise: fileURLToPath(new URL('./supervise.entry.ts', import.meta.url)),
}

/** Builds what a lab runs, from the sources as they are, where npm packages are found from. Remove it after use. */
export async function buildBundles(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const cache = join('node_modules', '.cache', 'upload-bridge-handbook')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(process.cwd(), cache, 'lab-'))
  await build({
    entryPoints: ENTRIES,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
  })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
