import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { generateUploadId, uploadFiles } from '../../../src/bridge/storage/layout.ts'
import { leasePath, wantedPath } from '../../../src/bridge/storage/lease-links.ts'
import { LeaseRefusedError, WriterLeases } from '../../../src/bridge/storage/writer-lease.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
let id: string
let data: string
beforeEach(async () => {
  folder = await makeTemporaryFolder()
  id = generateUploadId()
  data = uploadFiles(folder.path, id).data
  await writeFile(data, 'abc')
})
afterEach(() => folder.remove())

const ever = () => ({ signal: new AbortController().signal })
const soonOver = () => ({ signal: AbortSignal.timeout(100) })
/** A silent holder is waited for longer than that. */
const atOnce = () => ({ signal: AbortSignal.timeout(5000) })

it('lets one at a time have an upload, asks the holder to let go, and leaves no links behind', async () => {
  const events: string[] = []
  const first = new WriterLeases(folder.path)
  const giveBack = await first.acquire(id, {
    ...ever(),
    onWanted() {
      events.push('asked')
      void giveBack()
    },
  })
  const second = await new WriterLeases(folder.path).acquire(id, { ...ever(), onWanted() {} })
  expect(events).toEqual(['asked'])
  await second()
  expect(await readdir(folder.path)).toEqual([id])
})

it('does not let go when a holder before it was asked', async () => {
  await symlink('elsewhere 1 1 x', wantedPath(data))
  let asked = 0
  const giveBack = await new WriterLeases(folder.path).acquire(id, { ...ever(), onWanted: () => (asked += 1) })
  await until('the link is gone', async () => (await readdir(folder.path)).length === 2)
  expect(asked).toBe(0)
  await giveBack()
})

it('is shared by those of one process, until the last gives it back', async () => {
  const [ours, theirs] = [new WriterLeases(folder.path), new WriterLeases(folder.path)]
  const [first, second] = await Promise.all([ours.acquire(id, ever()), ours.acquire(id, ever())])
  await first()
  await expect(theirs.acquire(id, soonOver())).rejects.toThrow(LeaseRefusedError)
  await second()
  await (await theirs.acquire(id, atOnce()))()
})

it('takes over at once from a process that was killed, without a copy', async () => {
  const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }))
  await symlink(`${place()} ${pid} 1 x`, leasePath(data, 1))
  const before = (await stat(data)).ino
  const giveBack = await new WriterLeases(folder.path).acquire(id, atOnce())
  expect((await stat(data)).ino).toBe(before)
  await giveBack()
  expect(await readdir(folder.path)).toEqual([id])
})

it('copies the bytes when it takes over from a process that may still live: that one writes into a file without a name', async () => {
  await symlink('elsewhere 1 1 x', leasePath(data, 1))
  const before = (await stat(data)).ino
  const giveBack = await new WriterLeases(folder.path, 3000).acquire(id, ever())
  expect((await stat(data)).ino).not.toBe(before)
  expect(await readFile(data, 'utf8')).toBe('abc')
  await giveBack()
  expect(await readdir(folder.path)).toEqual([id])
})

it('knows that another process took over, also when that one is done', async () => {
  const [frozen, other] = [new WriterLeases(folder.path), new WriterLeases(folder.path, 0)]
  expect(await frozen.stillHas(id)).toBe(false)
  await frozen.acquire(id, ever())
  expect(await frozen.stillHas(id)).toBe(true)
  const giveBack = await other.acquire(id, ever())
  expect([await frozen.stillHas(id), await other.stillHas(id)]).toEqual([false, true])
  await giveBack()
  expect([await frozen.stillHas(id), await other.stillHas(id)]).toEqual([false, false])
})

it('has its own lease again at once after it was frozen itself, when nobody took over', async () => {
  // With a limit of nothing, every process seems to have been frozen.
  const leases = new WriterLeases(folder.path, 0)
  await (await leases.acquire(id, ever()))()
  expect(await readdir(folder.path)).toHaveLength(2)
  const before = (await stat(data)).ino
  await leases.acquire(id, ever())
  expect((await stat(data)).ino).toBe(before)
})

it('does not take over from a process that shows signs of life, however long it writes', async () => {
  const giveBack = await new WriterLeases(folder.path).acquire(id, ever())
  const others = [1, 2, 3].map(() =>
    new WriterLeases(folder.path, 1500).acquire(id, { signal: AbortSignal.timeout(4000) }),
  )
  const outcomes = await Promise.allSettled(others)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await giveBack()
})

function place(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot}/${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`
}
