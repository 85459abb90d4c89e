import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BRIDGE, bundlePrograms } from '../environment/bundle-programs.ts'

const ENTRIES = {
  ...BRIDGE,
  'lab/sink': 'src/lab/sink/sink.entry.ts',
  'lab/service': 'src/lab/control/service.entry.ts',
  supervise: fileURLToPath(new URL('./supervise.entry.ts', import.meta.url)),
}

/** Builds what a lab runs, from the sources as they are, where npm packages are found from. Remove it after use. */
export async function buildBundles(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const cache = join('node_modules', '.cache', 'upload-bridge-handbook')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(process.cwd(), cache, 'lab-'))
  await bundlePrograms(ENTRIES, folder)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
