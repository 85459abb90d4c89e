import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createByTus, patchByTus, sample } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { startMuteProxy } from './support/mute-proxy.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

async function readiness(url: string): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await fetch(new URL('/readyz', url))
  const { checks }: { checks: Record<string, [{ status: string }]> } = JSON.parse(await response.text())
  const statuses = Object.entries(checks).map(([name, [{ status }]]): [string, string] => [name, status])
  return { status: response.status, checks: Object.fromEntries(statuses) }
}

it('shows every dependency, and stays ready while only downstream is away', async () => {
  const { api, worker, sink } = await ground.deploy()
  const pass = { database: 'pass', storage: 'pass', downstream: 'pass' }
  expect((await readiness(api.url)).checks).toEqual({ ...pass, admission: 'pass' })
  await until('the worker is ready', async () => (await readiness(worker.url)).status === 200)
  expect((await readiness(worker.url)).checks).toEqual(pass)
  await sink.stop()
  for (const { url } of [api, worker]) {
    expect(await readiness(url)).toMatchObject({ status: 200, checks: { ...pass, downstream: 'warn' } })
  }
})

it('answers while the database hangs, fails, and recovers', async () => {
  const target = new URL(await ground.get().postgres.createDatabase())
  const proxy = await startMuteProxy(Number(target.port))
  target.port = `${proxy.port}`
  const { api } = await ground.deploy({ configuration: { database: { url: target.href } } })
  await until('it is ready', async () => (await readiness(api.url)).status === 200)
  proxy.mute()
  await until('readiness fails', async () => {
    const { status, checks } = await readiness(api.url)
    return status === 503 && checks.database === 'fail'
  })
  expect((await fetch(new URL('/livez', api.url))).status).toBe(200)
  proxy.unmute()
  await until('readiness is back', async () => (await readiness(api.url)).status === 200)
  await proxy.stop()
})

it('is not ready while it drains', async () => {
  const { api, storagePath } = await ground.deploy({ configuration: { api: { drainTimeout: '20s' } } })
  const { bytes } = sample(1_000_000)
  const id = await createByTus(api.url, bytes.length)
  const abort = new AbortController()
  const half = new ReadableStream<Uint8Array>({ start: controller => controller.enqueue(bytes.subarray(0, 1000)) })
  const sending = fetch(new URL(`/files/${id}`, api.url), {
    method: 'PATCH',
    headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    body: half,
    signal: abort.signal,
    ...{ duplex: 'half' },
  }).catch(() => undefined)
  await until('it is under way', async () => (await stat(join(storagePath, 'uploads', id))).size === 1000)
  const ended = api.end('SIGTERM')
  await until('it drains', () => api.log.some(line => line.message === 'draining'))
  const draining = await readiness(api.url)
  expect(draining).toMatchObject({ status: 503, checks: { shutdown: 'fail' } })
  expect((await patchByTus(api.url, id, 0, bytes)).status).toBe(503)
  abort.abort()
  await sending
  expect(await ended).toBe(0)
})
