import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectLab } from '../../src/lab/index.ts'
import { requires } from '../environment/requires.ts'
import { buildBundles } from './bundles.ts'
import { endBy, supervise } from './supervisor.ts'
import { findTraces } from './traces.ts'

// Labs of normal users are what everybody's suites run as soon as they are no root; here root looks at both sides.
describe.runIf(requires('labs of other users', ['root', 'setpriv', 'unshare']))('a lab', () => {
  const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', 'HOME=/nonexistent']
  const run = promisify(execFile)
  let bundles: Awaited<ReturnType<typeof buildBundles>>
  let root: string

  beforeAll(async () => {
    bundles = await buildBundles()
    await chmod(bundles.folder, 0o755)
    root = await mkdtemp(join(tmpdir(), 'lab-users-'))
    await chmod(root, 0o755)
  })

  afterAll(async () => {
    await rm(root, { recursive: true, force: true })
    await bundles.remove()
  })

  test('of a normal user has a volume of its own, which df and du see, and fills it', async () => {
    const directory = join(root, 'of-nobody')
    await mkdir(directory)
    await chown(directory, 65534, 65534)
    const supervisor = await supervise(bundles.folder, directory, NOBODY)
    const { storagePath, storage, processes } = supervisor.status
    expect(storage).toEqual({ kind: 'volume', sizeBytes: 256 * 1024 * 1024 })
    for (const { pid } of processes) expect(statSync(`/proc/${pid}`).uid).toBe(65534)
    const remote = await connectLab(directory)
    await remote?.break('storage-filling')
    const [df, ...args] = [...NOBODY, 'df', '--output=size,pcent', storagePath]
    const { stdout } = await run(df, args)
    expect(stdout).toMatch(/262144 +9[5-9]%/)
    const [du, ...rest] = [...NOBODY, 'du', '--summarize', '--block-size=1M', storagePath]
    expect(Number.parseInt((await run(du, rest)).stdout, 10)).toBeGreaterThan(240)
    await remote?.heal()
    expect((await run(df, args)).stdout).toMatch(/262144 +[01]%/)
    await endBy(supervisor, 'SIGTERM')
    expect(findTraces(directory)).toEqual([])
  })

  test('of root in a closed home runs its database and the service as somebody else', async () => {
    const closed = join(root, 'closed-home')
    await mkdir(closed, { mode: 0o700 })
    const directory = join(closed, 'lab')
    const supervisor = await supervise(bundles.folder, directory)
    for (const name of ['database', 'api', 'worker']) {
      const found = supervisor.status.processes.find(process => process.name === name)
      expect(statSync(`/proc/${found?.pid}`).uid).not.toBe(0)
    }
    await endBy(supervisor, 'SIGTERM')
    expect(findTraces(directory)).toEqual([])
  })
})
