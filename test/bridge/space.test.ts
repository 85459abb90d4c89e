import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it, onTestFinished, type TestContext } from 'vitest'
import { leaveOut } from '../environment/requires.ts'
import { createByTus, headByTus, patchByTus, readProblem, sample, untilState } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { mountSmallVolume } from './support/small-volume.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const MEGABYTE = 1_000_000
const tus = { 'Tus-Resumable': '1.0.0' }

it('admits of eight uploads the one that fits, keeps its room, and admits the next when it is gone', async context => {
  const { api } = await deployOnSmallVolume('volume', context)
  const create = () =>
    fetch(new URL('/files/', api.url), { method: 'POST', headers: { ...tus, 'Upload-Length': `${40 * MEGABYTE}` } })
  const answers = await Promise.all(Array.from({ length: 8 }, create))
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([201, 507, 507, 507, 507, 507, 507, 507])
  const refused = answers.find(({ status }) => status === 507)
  expect(refused && (await readProblem(refused)).code).toBe('storage-insufficient')

  // A form of unknown length and an upload that defers its length leave that room as well.
  const pipe = `head -c ${40 * MEGABYTE} /dev/zero | curl -sS -o /dev/null -w '%{http_code}' -F 'file=@-;filename=x.bin' -H 'Transfer-Encoding: chunked' ${api.url}/uploads`
  expect((await execa('sh', ['-c', pipe])).stdout).toBe('507')
  const deferred = await fetch(new URL('/files/', api.url), {
    method: 'POST',
    headers: { ...tus, 'Upload-Defer-Length': '1' },
  })
  const late = deferred.headers.get('Location')?.split('/').at(-1) ?? ''
  expect((await patchByTus(api.url, late, 0, Buffer.alloc(40 * MEGABYTE))).status).toBe(507)
  await fetch(new URL(`/files/${late}`, api.url), { method: 'DELETE', headers: tus })

  const id =
    answers
      .find(({ status }) => status === 201)
      ?.headers.get('Location')
      ?.split('/')
      .at(-1) ?? ''
  const { bytes } = sample(40 * MEGABYTE)
  expect((await patchByTus(api.url, id, 0, bytes.subarray(0, 20 * MEGABYTE))).status).toBe(204)
  await fetch(new URL(`/files/${id}`, api.url), { method: 'DELETE', headers: tus })
  await createByTus(api.url, 40 * MEGABYTE)
})

it('keeps its promise while several uploads of unknown length arrive', async context => {
  const { api } = await deployOnSmallVolume('another-volume', context)
  const promised = await createByTus(api.url, 30 * MEGABYTE)
  const create = () =>
    fetch(new URL('/files/', api.url), { method: 'POST', headers: { ...tus, 'Upload-Defer-Length': '1' } })
  const created = await Promise.all(Array.from({ length: 8 }, create))
  const ids = created.flatMap(({ headers }) => headers.get('Location')?.split('/').at(-1) ?? [])
  expect(ids.length).toBeGreaterThan(2)
  expect(ids.length).toBeLessThan(8)
  const ends = await Promise.all(ids.map(id => patchByTus(api.url, id, 0, Buffer.alloc(20 * MEGABYTE))))
  expect(ends.map(({ status }) => status)).toContain(507)
  expect((await patchByTus(api.url, promised, 0, sample(30 * MEGABYTE).bytes)).status).toBe(204)
  await untilState(api.url, promised, 'delivered')
})

it('takes an upload whose length comes later', async () => {
  const { api, sink } = await ground.deploy()
  const { bytes, sha256 } = sample(2000)
  const created = await fetch(new URL('/files/', api.url), {
    method: 'POST',
    headers: { ...tus, 'Upload-Defer-Length': '1' },
  })
  const id = created.headers.get('Location')?.split('/').at(-1) ?? ''
  expect((await headByTus(api.url, id)).headers.get('Upload-Defer-Length')).toBe('1')
  expect((await patchByTus(api.url, id, 0, bytes.subarray(0, 1000))).status).toBe(204)
  const last = await fetch(new URL(`/files/${id}`, api.url), {
    method: 'PATCH',
    headers: {
      ...tus,
      'Upload-Offset': '1000',
      'Upload-Length': '2000',
      'Content-Type': 'application/offset+octet-stream',
    },
    body: bytes.subarray(1000),
  })
  expect(last.status).toBe(204)
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('tells when a partial upload expires, and removes it then', async () => {
  const { api } = await ground.deploy({ configuration: { storage: { expireAfter: '5s' } } })
  const created = await fetch(new URL('/files/', api.url), {
    method: 'POST',
    headers: { ...tus, 'Upload-Length': '10' },
  })
  const id = created.headers.get('Location')?.split('/').at(-1) ?? ''
  const expiries = [created, await headByTus(api.url, id), await patchByTus(api.url, id, 0, Buffer.alloc(5))].map(
    ({ headers }) => Date.parse(headers.get('Upload-Expires') ?? ''),
  )
  for (const expiry of expiries) expect(expiry).toBeGreaterThan(Date.now() - 60_000)
  await until('it expired', async () => [404, 410].includes((await headByTus(api.url, id)).status))
  await until('its files are gone', async () => (await headByTus(api.url, id)).status === 404)
  const metrics = async () => (await fetch(new URL('/metrics', api.url))).text()
  expect(await metrics()).toMatch(/^upload_bridge_cleaner_last_success_timestamp_seconds \d/m)
  await until('nothing is promised', async () => /^upload_bridge_storage_promised_bytes 0$/m.test(await metrics()))
})

/** A deployment on a volume of 64 MiB. Where none can be mounted, the test is left out. */
async function deployOnSmallVolume(name: string, context: TestContext): Promise<Deployment> {
  const volume = await mountSmallVolume(join(ground.get().folder, name), 64)
  if (volume === undefined) {
    leaveOut('room that is promised', 'a file system that may be mounted')
    return context.skip()
  }
  onTestFinished(volume.remove)
  return ground.deploy({ storagePath: volume.path, prefix: volume.prefix })
}
