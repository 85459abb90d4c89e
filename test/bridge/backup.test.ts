import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { deployWithUploads, exportOf } from './support/backed-up.ts'
import { getUpload, untilState } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { scrape } from './support/scrape.ts'

const ground = prepareGround()

const manifestSchema = z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) })

async function tableHashes(folder: string): Promise<Record<string, string>> {
  const { files } = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  return Object.fromEntries(files.filter(({ path }) => path.startsWith('tables/')).map(f => [f.path, f.sha256]))
}

it('brings everything back to an empty place, where deliveries go on', async () => {
  const { deployment: before, ids } = await deployWithUploads(ground)
  const [delivered, held, pending] = ids
  const folder = await exportOf(ground, before, 'whole')
  expect(await before.control('backup', 'verify', folder)).toMatchObject({ uploads: 3, problems: [] })

  const after = await ground.deploy()
  expect(await after.control('backup', 'import', folder)).toMatchObject({ uploads: 3, bytes: 12_000 })
  expect(await tableHashes(await exportOf(ground, after, 'again'))).toEqual(await tableHashes(folder))
  for (const id of ids) {
    expect(await getUpload(after.api.url, id)).toEqual(await getUpload(before.api.url, id))
    const bytes = ({ storagePath }: Deployment) => readFile(join(storagePath, 'uploads', id))
    expect((await bytes(after)).equals(await bytes(before))).toBe(true)
  }
  await after.control('deliveries', 'resume')
  await untilState(after.api.url, pending, 'delivered')
  await after.control('deliveries', 'release', held)
  await untilState(after.api.url, held, 'delivered')
  expect(after.sink.arrivals.map(({ id }) => id).sort()).toEqual([held, pending].sort())
  expect((await getUpload(after.api.url, delivered)).state).toBe('delivered')
  expect(await readdir(join(folder, 'configuration'))).toEqual(['1-config.yaml'])
})

it('never brings anything back over what is there', async () => {
  const { deployment } = await deployWithUploads(ground)
  const folder = await exportOf(ground, deployment, 'full')
  const look = async () => [await deployment.control('uploads', 'list'), await readdir(deployment.storagePath)]
  const before = await look()
  const full = await deployment.bridgectl('backup', 'import', folder)
  expect([full.exitCode, full.stderr]).toEqual([1, expect.stringContaining('is not empty; nothing was changed')])
  const empty = join(ground.get().folder, 'empty')
  const rows = await deployment.bridgectlWith({ UPLOAD_BRIDGE_STORAGE_PATH: empty }, 'backup', 'import', folder)
  expect([rows.exitCode, rows.stderr]).toEqual([1, expect.stringContaining('it has uploads; nothing was changed')])
  expect(await readdir(join(empty, 'uploads'))).toEqual([])
  expect((await deployment.bridgectl('backup', 'export', folder)).stderr).toContain('is not empty')
  expect(await look()).toEqual(before)
})

it('refuses what is no backup, is half one, or is of a newer schema', async () => {
  const { deployment } = await deployWithUploads(ground)
  const folder = await exportOf(ground, deployment, 'newer')
  const path = join(folder, 'manifest.json')
  const manifest = await readFile(path, 'utf8')
  await writeFile(path, manifest.replace('"003-owner"', '"003-owner", "999-next"'))
  const after = await ground.deploy()
  expect((await after.bridgectl('backup', 'import', folder)).stderr).toContain('does not know 999-next')
  await rm(path)
  const { exitCode, stderr } = await after.bridgectl('backup', 'import', folder)
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^bridgectl: .+manifest.json is not the manifest/)])
})

it('shows in its metrics when a backup last succeeded, and never as 0', async () => {
  const { deployment } = await deployWithUploads(ground)
  const names = ['backup_last_success_timestamp_seconds', 'backup_last_restore_drill_timestamp_seconds']
  const read = async () => {
    const metrics = await scrape(deployment.api.url)
    return names.map(name => metrics.get(`upload_bridge_${name}`))
  }
  expect(await read()).toEqual([0, 0])
  expect((await deployment.bridgectl('backup', 'status')).stdout).toBe('stored    never\nrestored  never')
  const folder = await exportOf(ground, deployment, 'recorded')
  const begun = Date.now() / 1000
  await deployment.control('backup', 'record', 'stored', folder, '--snapshot', 'abc')
  const [stored = 0, restored] = await read()
  expect(stored).toBeGreaterThanOrEqual(Math.floor(begun))
  expect(restored).toBe(0)
  await deployment.control('backup', 'record', 'restored', folder, '--snapshot', 'abc', '--seconds', '12.5')
  expect(await deployment.control('backup', 'status')).toMatchObject({
    stored: { snapshot: 'abc' },
    restored: { snapshot: 'abc', seconds: 12.5 },
  })
  expect((await deployment.bridgectl('backup', 'record', 'stored', '/nowhere', '--snapshot', 'abc')).exitCode).toBe(1)
})
