import { appendFile, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { exportBytes } from '../../src/bridge/backup/export-backup.ts'
import { deployWithUploads, exportOf } from './support/backed-up.ts'
import { untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'

const ground = prepareGround()

it.each([
  [
    'a byte of an upload',
    async (folder: string, id: string) => appendFile(join(folder, 'uploads', id), 'x'),
    'uploads/',
  ],
  ['an upload', async (folder: string, id: string) => rm(join(folder, 'uploads', id)), 'uploads/'],
  [
    'a row',
    async (folder: string) => appendFile(join(folder, 'tables/uploads.ndjson'), '{}\n'),
    'tables/uploads.ndjson',
  ],
  [
    'the configuration',
    async (folder: string) => appendFile(join(folder, 'configuration/1-config.yaml'), '#'),
    'configuration/1-config.yaml',
  ],
])('does not take a backup for whole when %s changed', async (what, damage, named) => {
  const { deployment, ids } = await deployWithUploads(ground)
  const folder = await exportOf(ground, deployment, `damaged ${what}`)
  // The export shares the bytes of the deployment, which would be damaged as well.
  await deployment.end()
  await damage(folder, ids[2])
  const { exitCode, stderr } = await deployment.bridgectl('backup', 'verify', folder)
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(new RegExp(`is damaged:\n${named}`))])
  const after = await ground.deploy()
  expect((await after.bridgectl('backup', 'import', folder)).exitCode).toBe(1)
  expect(await after.control('uploads', 'list')).toEqual([])
  expect(await readdir(join(after.storagePath, 'uploads'))).toEqual([])
})

it('says which acknowledged uploads have lost their bytes, and keeps all others', async () => {
  const { deployment, ids } = await deployWithUploads(ground)
  const [, held, pending] = ids
  for (const id of [held, pending]) await rm(join(deployment.storagePath, 'uploads', id))
  const folder = join(ground.get().folder, 'lost')
  const { exitCode, stderr } = await deployment.bridgectl('backup', 'export', folder)
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${pending} has no bytes`)])
  expect(stderr).not.toContain(held)
  const after = await ground.deploy()
  expect(await after.control('backup', 'import', folder)).toMatchObject({ uploads: 1, bytes: 3000 })
  await after.control('deliveries', 'resume')
  await untilState(after.api.url, pending, 'held')
})

it('notes bytes that went, as they should, after the rows were read', async () => {
  const { deployment, ids } = await deployWithUploads(ground)
  const [delivered] = ids
  const folder = await exportOf(ground, deployment, 'meanwhile')
  await rm(join(folder, 'uploads'), { recursive: true })
  await mkdir(join(folder, 'uploads'))
  await rm(join(deployment.storagePath, 'uploads', delivered))
  const { query } = ground.get().postgres
  await query(deployment.databaseUrl, 'update upload_bridge.uploads set bytes_removed_at = now() where id = $1', [
    delivered,
  ])
  const pool = new pg.Pool({ connectionString: deployment.databaseUrl })
  try {
    expect(await exportBytes(pool, join(deployment.storagePath, 'uploads'), folder)).toEqual({
      uploads: { stored: 2, bytes: 9000, removedMeanwhile: [delivered], missing: [] },
      damaged: [],
    })
  } finally {
    await pool.end()
  }
})
