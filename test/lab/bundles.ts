import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseInUnitTests } from '../environment/refuse-in-unit-tests.ts'

/** Copies what a lab runs, which is built before all tests, where npm packages are found from. Remove it after use. */
export async function buildBundles(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  refuseInUnitTests()
  const cache = join('node_modules', '.cache', 'upload-bridge-handbook')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(process.cwd(), cache, 'lab-'))
  for (const name of ['bridge', 'lab']) await cp(join('dist', name), join(folder, name), { recursive: true })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
