import { rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removePartial } from '../../../src/bridge/storage/bytes.ts'
import { generateUploadId, readSpace, uploadFiles } from '../../../src/bridge/storage/layout.ts'
import { type UploadInfo, writeInfo } from '../../../src/bridge/storage/partials.ts'
import { NoRoomError, Space } from '../../../src/bridge/storage/space.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeEach(async () => {
  folder = await makeTemporaryFolder()
})
afterEach(() => folder.remove())

/** What an upload without a length is promised. */
const allowance = 5 * 1024 * 1024

it('promises each byte once, however many ask at the same time', async () => {
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  const size = Math.round((await readSpace(folder.path)).available * 0.6)
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => begin(space, size)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of outcomes) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(NoRoomError)
  expect(await space.promised()).toBe(size)
})

it('counts what is still to come, of forms too, and nothing of what is gone', async () => {
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  const tus = await begin(space, 1000)
  await begin(space, undefined)
  const form = generateUploadId()
  const info = { id: form, kind: 'multipart', name: 'x', announced: 500, createdAt: '' } as const
  await space.claim(form, () => writeInfo(uploadFiles(folder.path, form).open, info), never)
  await writeFile(uploadFiles(folder.path, tus).data, Buffer.alloc(300))
  await writeFile(uploadFiles(folder.path, form).data, Buffer.alloc(600))
  expect(await space.promised()).toBe(700 + allowance)
  await removePartial(folder.path, tus)
  expect(await space.promised()).toBe(allowance)
})

it('looks closely before it refuses: bytes that arrived are expected no more', async () => {
  const { available } = await readSpace(folder.path)
  const space = new Space({ folder: folder.path, reserve: () => Math.round(available * 0.9) })
  const size = Math.round(available * 0.06)
  const first = await begin(space, size)
  await expect(begin(space, size)).rejects.toThrow(NoRoomError)
  // A hole takes no room, so that the volume is as full as before.
  await writeFile(uploadFiles(folder.path, first).data, '')
  await truncate(uploadFiles(folder.path, first).data, size)
  await begin(space, size)
  expect(await space.promised()).toBe(size)
})

it('promises nothing to an upload whose data somebody deleted, but waits for data that is still to come', async () => {
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  const files = uploadFiles(folder.path, await begin(space, 1000))
  await writeFile(files.data, Buffer.alloc(300))
  await rm(files.data)
  expect(await space.promised()).toBe(1000)
  const before = new Date(Date.now() - 120_000)
  await utimes(files.open, before, before)
  expect(await space.promised()).toBe(0)
})

it('lets no upload wait for another one that is slow to begin', async () => {
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  let goOn = () => {}
  const id = generateUploadId()
  const begun = new Promise<UploadInfo>(resolve => {
    goOn = () => resolve({ id, kind: 'tus', name: 'x', createdAt: '' })
  })
  const slow = space.claim(id, () => begun, never)
  await begin(space, 10)
  goOn()
  await slow
  expect(await space.promised()).toBe(10)
})

it('forgets a length that was refused, because the upload lives on without it', async () => {
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  const id = await begin(space, undefined)
  const info = { id, kind: 'tus', name: 'x', createdAt: '' } as const
  const { open } = uploadFiles(folder.path, id)
  const size = (await readSpace(folder.path)).available * 2
  const claim = space.claim(
    id,
    () => writeInfo(open, { ...info, size }),
    () => writeInfo(open, info),
  )
  await expect(claim).rejects.toThrow(NoRoomError)
  expect(await space.promised()).toBe(allowance)
  await begin(space, 10)
})

it('takes bytes that nobody announced only beside what is promised', async () => {
  const { available } = await readSpace(folder.path)
  const space = new Space({ folder: folder.path, reserve: () => 0 })
  await begin(space, Math.round(available * 0.5))
  const tight = new Space({ folder: folder.path, reserve: () => Math.round(available * 0.8) })
  const read = async (from: Space) => {
    for await (const chunk of from.withinRoom(someBytes())) expect(chunk.byteLength).toBe(10)
  }
  await read(space)
  await expect(read(tight)).rejects.toThrow(NoRoomError)
})

async function begin(space: Space, size: number | undefined): Promise<string> {
  const id = generateUploadId()
  const { open } = uploadFiles(folder.path, id)
  await space.claim(
    id,
    () => writeInfo(open, { id, kind: 'tus', name: 'x', size, createdAt: '' }),
    () => removePartial(folder.path, id),
  )
  return id
}

async function never(): Promise<void> {
  throw new Error('There was room.')
}

async function* someBytes() {
  yield Buffer.alloc(10)
}
