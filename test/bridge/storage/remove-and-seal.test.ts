import { readdir, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removePartial, seal } from '../../../src/bridge/storage/bytes.ts'
import { generateUploadId, uploadFiles } from '../../../src/bridge/storage/layout.ts'
import { writeInfo } from '../../../src/bridge/storage/partials.ts'
import { purgePartials } from '../../../src/bridge/storage/purge-partials.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeEach(async () => {
  folder = await makeTemporaryFolder()
})
afterEach(() => folder.remove())

it('lets exactly one of sealing and removing have an upload', async () => {
  for (let round = 0; round < 50; round += 1) {
    const id = await place(10, 10)
    const order = round % 2 === 0 ? [seal, removePartial] : [removePartial, seal]
    const outcomes = await Promise.all(order.map(claim => claim(folder.path, id)))
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    const sealed = (await readdir(folder.path)).includes(`${id}.sealed.json`)
    expect((await readdir(folder.path)).includes(id)).toBe(sealed)
  }
})

it('ends a removal that was cut off halfway', async () => {
  const id = await place(10, 5)
  const { purging } = uploadFiles(folder.path, id)
  await writeInfo(purging, { id, kind: 'tus', name: 'x', size: 10, createdAt: '' })
  await purgePartials(folder.path, { olderThan: 0, dryRun: false, now: new Date(Date.now() + 1000) })
  expect(await readdir(folder.path)).toEqual([])
})

it('does not take a complete upload for a partial one, acknowledged or not', async () => {
  await place(10, 10)
  const now = new Date(Date.now() + 1000)
  expect(await purgePartials(folder.path, { olderThan: 0, dryRun: false, now })).toEqual({ purged: [], left: [] })
  expect(await readdir(folder.path)).toHaveLength(2)
})

async function place(size: number, offset: number): Promise<string> {
  const id = generateUploadId()
  const files = uploadFiles(folder.path, id)
  await writeInfo(files.open, { id, kind: 'tus', name: 'x', size, createdAt: new Date().toISOString() })
  await writeFile(files.data, Buffer.alloc(offset))
  return id
}
