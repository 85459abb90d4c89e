import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { refuseInUnitTests } from '../environment/refuse-in-unit-tests.ts'

/** The bundles as `npm run prepare` makes them, in a folder of the tests: made once for the sources as they are, for all suites. */
export async function buildCli(): Promise<string> {
  refuseInUnitTests()
  const cache = join(process.cwd(), 'node_modules', '.cache', 'upload-bridge-handbook')
  await mkdir(cache, { recursive: true })
  const folder = join(cache, `cli-${await hashSources()}`)
  if (existsSync(folder)) return folder
  const draft = await mkdtemp(join(cache, 'draft-'))
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', '--outdir', draft])
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }))
  await removeOld(cache, folder)
  return folder
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const root of ['src', 'scripts']) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    for (const entry of entries.filter(entry => entry.isFile())) {
      const file = join(entry.parentPath, entry.name)
      const { mtimeMs, size } = await stat(file)
      hash.update(`${file} ${mtimeMs} ${size}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/** Bundles of sources that are no more; those of the last hour may still be in use. */
async function removeOld(cache: string, folder: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const old = join(cache, name)
    if (!/^(?:cli|draft)-/.test(name) || old === folder) continue
    const { mtimeMs } = await stat(old).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > 3_600_000) await rm(old, { recursive: true, force: true })
  }
}
