import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeHb } from '../../scripts/write-hb.mjs'
import { bundlePrograms } from '../environment/bundle-programs.ts'

/** Bundles the worker as it is installed, in a folder from which zx is found. Remove it after use. */
export async function bundleWorker(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const cache = join(process.cwd(), 'node_modules', '.cache', 'upload-bridge-handbook')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'worker-'))
  const entries = { worker: 'src/execute/local/worker.entry.ts', supervise: 'src/execute/local/supervise.entry.ts' }
  await bundlePrograms(entries, folder, ['oxc-transform', 'zx', 'expect'])
  await cp('src/execute/local/supervise.pl', join(folder, 'supervise.pl'))
  await writeHb(join(folder, 'bin', 'hb'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
