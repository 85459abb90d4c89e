import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createByTus, getUpload, headByTus, patchByTus, sample, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { race } from './support/races.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('keeps what it acknowledged when two processes race for one upload', async () => {
  const deployment = await ground.deploy()
  await deployment.control('deliveries', 'pause')
  const urls = [deployment.api.url, (await deployment.startApi()).url]
  const { damaged, acknowledged } = await race(urls, deployment.storagePath, 25)
  expect(damaged).toEqual([])
  expect(acknowledged).toBeGreaterThan(0)
})

it('goes on without a process that froze while it wrote, and takes nothing of it when it wakes', async () => {
  const deployment = await ground.deploy()
  const frozen = deployment.api
  const { bytes, sha256 } = sample(300_000)
  const id = await createByTus(frozen.url, bytes.length)
  const patch = request(new URL(`/files/${id}`, frozen.url), {
    method: 'PATCH',
    agent: false,
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': bytes.length,
    },
  })
  const answered = new Promise<number>(resolve => {
    patch.on('response', response => resolve(response.statusCode ?? 0))
    patch.on('error', () => resolve(0))
  })
  patch.write(bytes.subarray(0, 100_000))
  await until('some bytes arrived', async () => ((await getUpload(frozen.url, id)).offset ?? 0) >= 100_000)
  frozen.signal('SIGSTOP')
  patch.end(Buffer.alloc(200_000, 'x'))

  const { url } = await deployment.startApi()
  expect((await headByTus(url, id)).headers.get('Upload-Offset')).toBe('100000')
  expect((await patchByTus(url, id, 100_000, bytes.subarray(100_000))).status).toBe(204)
  frozen.signal('SIGCONT')
  expect([0, 409, 423]).toContain(await answered)
  await untilState(url, id, 'delivered')
  expect(deployment.sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('knows from the volume and the database what became of an upload that it began and another process went on with', async () => {
  const deployment = await ground.deploy({ configuration: { storage: { retainDelivered: '0s' } } })
  const [began, other] = [deployment.api.url, (await deployment.startApi()).url]
  const { bytes } = sample(2000)
  const id = await createByTus(began, bytes.length)
  expect((await patchByTus(other, id, 0, bytes)).status).toBe(204)
  await untilState(other, id, 'delivered')
  await until('its bytes are removed', () => !existsSync(join(deployment.storagePath, 'uploads', id)))
  expect((await headByTus(began, id)).headers.get('Upload-Offset')).toBe('2000')

  const ended = await createByTus(began, bytes.length)
  const { status } = await fetch(new URL(`/files/${ended}`, other), {
    method: 'DELETE',
    headers: { 'Tus-Resumable': '1.0.0' },
  })
  expect(status).toBe(204)
  expect((await patchByTus(began, ended, 0, bytes)).status).toBe(404)
})
