import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { generateUploadId, uploadFiles } from '../../src/bridge/storage/layout.ts'
import { writeInfo } from '../../src/bridge/storage/partials.ts'
import { reconcile } from '../../src/bridge/uploads/reconcile.ts'
import { leaveOut } from '../environment/requires.ts'
import {
  createByTus,
  getUpload,
  headByTus,
  patchByTus,
  readProblem,
  readUpload,
  sample,
  sendByForm,
  sendByTus,
  untilState,
} from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { mountSmallVolume } from './support/small-volume.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('outlives the database: alive, not ready, refusing with 503; then it goes on by itself', async () => {
  const { api, worker, sink } = await ground.deploy()
  const { bytes, sha256 } = sample(2_000_000)
  const half = bytes.length / 2
  const id = await createByTus(api.url, bytes.length)
  const { postgres } = ground.get()
  await postgres.stop()
  onTestFinished(() => postgres.start())
  await until('readiness fails', async () => (await fetch(new URL('/readyz', api.url))).status === 503)

  expect((await fetch(new URL('/livez', api.url))).status).toBe(200)
  expect((await fetch(new URL('/livez', worker.url))).status).toBe(200)
  expect(await metrics(api.url)).toMatchObject({ upload_bridge_database_up: 0 })
  const refused = await sendByForm(api.url, bytes)
  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect(await readProblem(refused)).toMatchObject({ code: 'database-unavailable' })
  expect((await patchByTus(api.url, id, 0, bytes.subarray(0, half))).status).toBe(204)
  expect((await patchByTus(api.url, id, half, bytes.subarray(half))).status).toBe(503)
  // All bytes are there, but it is not acknowledged, and must not look so.
  expect((await headByTus(api.url, id)).status).toBe(503)

  await postgres.start()
  await until('readiness is back', async () => (await fetch(new URL('/readyz', api.url))).status === 200)
  const head = await headByTus(api.url, id)
  expect([head.status, head.headers.get('Upload-Offset')]).toEqual([200, `${bytes.length}`])
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
  const next = await sendByTus(api.url, bytes)
  await untilState(api.url, next, 'delivered')
  expect([api.isRunning, worker.isRunning]).toEqual([true, true])
})

it('finishes after its start what a kill left between the last byte and the commit', async () => {
  const deployment = await ground.deploy()
  const { postgres } = ground.get()
  const { bytes, sha256 } = sample(1_000_000)
  const id = await createByTus(deployment.api.url, bytes.length)
  await postgres.stop()
  onTestFinished(() => postgres.start())
  expect((await patchByTus(deployment.api.url, id, 0, bytes)).status).toBe(503)
  await deployment.api.end('SIGKILL')
  await postgres.start()

  const { url } = await deployment.startApi()
  await untilState(url, id, 'delivered')
  expect(deployment.sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('discards a form that was sealed and never acknowledged, and no other', async () => {
  const { api, worker, control, databaseUrl, storagePath } = await ground.deploy()
  await control('deliveries', 'pause')
  const kept = (await readUpload(await sendByForm(api.url, sample(10).bytes))).id
  await api.end()
  await worker.end()
  const folder = join(storagePath, 'uploads')
  const lost = generateUploadId()
  for (const id of [kept, lost]) {
    const { data, sealed } = uploadFiles(folder, id)
    if (id === lost) await writeFile(data, 'x')
    await writeInfo(sealed, { id, kind: 'multipart', name: 'x', createdAt: '' })
  }
  const pool = new pg.Pool({ connectionString: databaseUrl })
  onTestFinished(() => pool.end())
  const room = {
    folder,
    pool,
    finish: async () => {},
    log: pino({ level: 'silent' }),
    firstSeen: new Map<string, number>(),
  }
  // Nothing but how long it was seen counts: the clock of the volume may be another one.

  await reconcile({ ...room, now: () => 0 }, 'all')
  expect((await readdir(folder)).sort()).toEqual([kept, lost, `${lost}.sealed.json`].sort())
  await reconcile({ ...room, now: () => 61_000 }, 'all')
  expect(await readdir(folder)).toEqual([kept])
})

it('starts without the database and works as soon as it is there', async () => {
  const deployment = await ground.deploy()
  const { postgres } = ground.get()
  await deployment.api.end()
  await deployment.worker.end()
  await postgres.stop()
  onTestFinished(() => postgres.start())
  const api = await deployment.startApi()
  await deployment.startWorker()
  expect((await fetch(new URL('/livez', api.url))).status).toBe(200)
  expect((await fetch(new URL('/readyz', api.url))).status).toBe(503)

  await postgres.start()
  await until('readiness is there', async () => (await fetch(new URL('/readyz', api.url))).status === 200)
  await untilState(api.url, await sendByTus(api.url, sample(1000).bytes), 'delivered')
})

it('gives up on a downstream that is frozen, and delivers when it moves again', async () => {
  const { api, sink, control } = await ground.deploy({ configuration: { downstream: { timeout: '500ms' } } })
  sink.mood = 'frozen'
  const { bytes, sha256 } = sample(20_000_000)
  const id = await sendByTus(api.url, bytes)
  await until('an attempt timed out', async () => /timeout/.test(JSON.stringify(await control('uploads', 'show', id))))
  sink.mood = 'fine'
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('answers 507 on a full volume, keeps what arrived, and goes on when there is room', async context => {
  const folder = await mkdtemp(join(ground.get().folder, 'volume-'))
  const volume = await mountSmallVolume(join(folder, 'storage'), 16)
  if (volume === undefined) {
    leaveOut('a full volume', 'a file system that may be mounted')
    return context.skip()
  }
  onTestFinished(volume.remove)
  const { path: storagePath, prefix } = volume
  const { api, sink, control } = await ground.deploy({ storagePath, prefix })
  const { bytes, sha256 } = sample(10_000_000)
  const stale = await Promise.all(['a', 'b', 'c'].map(name => createByTus(api.url, 2_000_000, name)))
  const wanted = await createByTus(api.url, bytes.length, 'wanted')
  for (const id of stale) expect((await patchByTus(api.url, id, 0, sample(1_900_000).bytes)).status).toBe(204)
  // Only something else on the volume can take the room that was promised.
  const foreign = ['dd', 'if=/dev/zero', `of=${join(storagePath, 'foreign')}`, 'bs=1000', 'count=6000', 'status=none']
  const [program = 'dd', ...args] = [...prefix, ...foreign]
  await execa(program, args)

  const full = await patchByTus(api.url, wanted, 0, bytes)
  expect(full.status).toBe(507)
  expect(await readProblem(full)).toMatchObject({ code: 'storage-full' })
  expect(Number(full.headers.get('Retry-After'))).toBeGreaterThan(0)
  const { offset = 0 } = await getUpload(api.url, wanted)
  expect(offset).toBeGreaterThan(1_000_000)
  const refused = await sendByForm(api.url, bytes)
  expect(refused.status).toBe(507)
  expect(await readProblem(refused)).toMatchObject({ code: 'storage-insufficient' })
  expect((await fetch(new URL('/livez', api.url))).status).toBe(200)
  await expect.poll(() => metrics(api.url), { timeout: 30_000 }).toMatchObject({ upload_bridge_uploads_partial: 4 })

  // Purging works though nothing can be written; what was written to a moment ago is not stale.
  expect(await control('uploads', 'purge', '--partial', '--older-than', '1h')).toMatchObject({ count: 0 })
  const age = new Date(Date.now() - 7_200_000)
  await ageFiles(
    stale.map(id => join(storagePath, 'uploads', id)),
    age,
    prefix,
  )
  expect(await control('uploads', 'purge', '--partial', '--older-than', '1h')).toMatchObject({ count: 3 })
  await sendByTus(api.url, bytes, { uploadUrl: new URL(`/files/${wanted}`, api.url).href })
  await untilState(api.url, wanted, 'delivered')
  expect(sink.arrivalOf(wanted)).toMatchObject({ sha256 })
  expect(api.isRunning).toBe(true)
})

async function ageFiles(paths: readonly string[], date: Date, prefix: readonly string[]): Promise<void> {
  const [program = 'touch', ...args] = [...prefix, 'touch', '-d', date.toISOString(), ...paths]
  await execa(program, args)
}

async function metrics(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const lines = text.split('\n').filter(line => line.startsWith('upload_bridge_'))
  return Object.fromEntries(lines.map(line => line.split(' ')).map(([name, value]) => [name, Number(value)]))
}
