import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { problemTypes, serviceExitCodes } from '../../src/bridge/index.ts'
import { portOf } from '../../src/bridge/run-process.ts'
import { requires } from '../environment/requires.ts'
import { sample, sendByForm, sendByTus, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { scrape } from './support/scrape.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('refuses a wrong configuration with exit code 78, naming the key, and no arguments with 2', async () => {
  const { folder, bundles } = ground.get()
  const file = join(folder, 'wrong.yaml')
  await writeFile(file, 'environment: test\napi: { port: 0, hots: x }\n')
  for (const bundle of [bundles.api, bundles.worker]) {
    const wrong = await execa(process.execPath, [bundle, '--config', file], { reject: false })
    expect(wrong.exitCode).toBe(serviceExitCodes.configuration.code)
    expect(serviceExitCodes.configuration.code).toBe(78)
    const line = JSON.parse(wrong.stdout)
    expect(line.problems).toContain('api.hots: unknown key')
    expect(line.problems).toContain('database.url: missing')
    expect((await execa(process.execPath, [bundle], { reject: false })).exitCode).toBe(serviceExitCodes.usage.code)
  }
})

it('stops an API that is told to stop while it still starts', async () => {
  const { folder, bundles } = ground.get()
  const silent = createServer(socket => void socket.on('error', () => {}).resume())
  onTestFinished(() => new Promise<void>(resolve => silent.close(() => resolve())))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const config = join(folder, 'starting.yaml')
  const configuration = {
    environment: 'test',
    api: { host: '127.0.0.1', port: 0, drainTimeout: '1s' },
    worker: { port: 0 },
    database: { url: `postgres://nobody@127.0.0.1:${portOf(silent.address())}/none`, connectionTimeout: '1s' },
    storage: { path: join(folder, 'starting-storage'), reserve: 0 },
    state: { path: join(folder, 'starting-state') },
    downstream: { url: 'http://127.0.0.1:1/' },
    releases: { path: join(folder, 'starting-releases') },
    auth: { required: false },
  }
  await writeFile(config, stringify(configuration))
  const api = execa(process.execPath, [bundles.api, '--config', config], { reject: false, forceKillAfterDelay: false })
  onTestFinished(() => void api.kill('SIGKILL'))
  // Its start waits for the answer of the database, which never comes.
  await once(silent, 'connection')
  expect(api.kill('SIGTERM')).toBe(true)
  const { exitCode, stdout } = await api
  expect(exitCode).toBe(serviceExitCodes.stopped.code)
  const messages = stdout.split('\n').map(line => JSON.parse(line).message)
  expect(messages.slice(-2)).toEqual(['draining', 'stopped'])
}, 60_000)

it('logs JSON objects with time, level, message and request id, and no secret', async () => {
  const { api, worker, databaseUrl } = await ground.deploy()
  const id = await sendByTus(api.url, sample(10).bytes)
  await untilState(api.url, id, 'delivered')
  const lines = [...api.log, ...worker.log]
  for (const line of lines) {
    expect(line).toMatchObject({ 'log.level': expect.any(String), message: expect.any(String) })
    expect(new Date(String(line['@timestamp'])).toISOString()).toBe(line['@timestamp'])
  }
  const answered = api.log.filter(line => line.message === 'request answered')
  expect(answered[0]).toMatchObject({ 'http.request.id': expect.any(String), 'http.response.status_code': 201 })
  expect(JSON.stringify(lines)).not.toContain(databaseUrl)
})

it('shows every metric that it promises, counters from zero on', async () => {
  const { api, worker } = await ground.deploy()
  const apiMetrics = await scrape(api.url)
  for (const name of promisedByApi) expect([name, apiMetrics.has(name)]).toEqual([name, true])
  expect(apiMetrics.get('upload_bridge_uploads_partial')).toBe(0)
  expect(apiMetrics.get('upload_bridge_storage_size_bytes')).toBeGreaterThan(0)
  expect(apiMetrics.has('upload_bridge_deliveries_oldest_pending_timestamp_seconds')).toBe(false)
  expect(apiMetrics.has('upload_bridge_uploads_partial_oldest_timestamp_seconds')).toBe(false)
  const workerMetrics = await scrape(worker.url)
  for (const name of promisedByWorker) expect([name, workerMetrics.get(name)]).toEqual([name, expect.any(Number)])

  expect((await sendByForm(api.url, sample(10).bytes)).status).toBe(201)
  const posted = 'upload_bridge_http_requests_total{method="POST",route="/uploads",code="201",version="unknown"}'
  expect((await scrape(api.url)).get(posted)).toBe(1)
})

it('shows since when the oldest delivery waits', async () => {
  const { api, sink } = await ground.deploy()
  sink.mood = 'failing'
  const before = Date.now() / 1000 - 1
  await sendByTus(api.url, sample(10).bytes)
  const name = 'upload_bridge_deliveries_oldest_pending_timestamp_seconds'
  const oldest = await until('it is shown', async () => (await scrape(api.url)).get(name))
  expect(oldest).toBeGreaterThan(before)
  expect(oldest).toBeLessThan(Date.now() / 1000 + 1)
  sink.mood = 'fine'
  await until('it is gone', async () => !(await scrape(api.url)).has(name))
})

it('shows when the first two deliveries are due: a large one by its size at the agreed rate later', async () => {
  const { api, sink } = await ground.deploy({ configuration: { downstream: { agreedRate: '1KiB' } } })
  sink.mood = 'failing'
  const name = (which: string) => `upload_bridge_deliveries_${which}_timestamp_seconds`
  await sendByForm(api.url, sample(1024 * 1000).bytes)
  const acknowledged = (await until('it waits', async () => (await scrape(api.url)).get(name('oldest_pending')))) ?? 0
  await until('it is due', async () => (await scrape(api.url)).get(name('first_due')) === acknowledged + 1000)
  expect((await scrape(api.url)).has(name('second_due'))).toBe(false)
  await sendByForm(api.url, sample(10).bytes)
  await until('it is due second', async () => (await scrape(api.url)).get(name('second_due')) === acknowledged + 1000)
  expect((await scrape(api.url)).get(name('first_due'))).toBeLessThan(acknowledged + 900)
  expect((await scrape(api.url)).get(name('oldest_pending'))).toBe(acknowledged)
  sink.mood = 'fine'
  await until('nothing is due', async () => !(await scrape(api.url)).has(name('first_due')))
})

it.runIf(requires('promtool on the metrics', ['promtool']))(
  'has metrics that promtool finds nothing wrong with',
  async () => {
    const { api, worker } = await ground.deploy()
    for (const { url } of [api, worker]) {
      const input = await (await fetch(new URL('/metrics', url))).text()
      const { exitCode, stderr } = await execa('promtool', ['check', 'metrics'], { input, reject: false })
      const ours = stderr.split('\n').filter(line => line.includes('upload_bridge'))
      expect([ours, exitCode === 0 || exitCode === 3]).toEqual([[], true])
    }
  },
)

it('has stable problem codes with one status each', () => {
  expect(Object.entries(problemTypes).map(([code, { status }]) => `${code} ${status}`)).toMatchInlineSnapshot(`
    [
      "invalid-request 400",
      "file-missing 400",
      "upload-interrupted 400",
      "unauthenticated 401",
      "forbidden 403",
      "client-blocked 403",
      "not-found 404",
      "upload-not-found 404",
      "method-not-allowed 405",
      "offset-conflict 409",
      "idempotency-key-in-use 409",
      "upload-gone 410",
      "content-removed 410",
      "tus-version-unsupported 412",
      "upload-too-large 413",
      "media-type-unsupported 415",
      "content-type-mismatch 415",
      "archive-refused 422",
      "idempotency-key-reused 422",
      "malware-found 422",
      "upload-locked 423",
      "quota-exceeded 429",
      "too-many-failures 429",
      "internal-error 500",
      "not-implemented 501",
      "admission-closed 503",
      "database-unavailable 503",
      "keys-unavailable 503",
      "scanner-unavailable 503",
      "overloaded 503",
      "draining 503",
      "admission-closed-storage 507",
      "storage-insufficient 507",
      "storage-full 507",
      "quota-storage-exceeded 507",
    ]
  `)
})

const promisedByApi = [
  'upload_bridge_build_info{version="unknown"}',
  'upload_bridge_http_requests_total{method="PATCH",route="/files/:id",code="204",version="unknown"}',
  'upload_bridge_http_request_duration_seconds_count{method="POST",route="/uploads"}',
  'upload_bridge_storage_size_bytes',
  'upload_bridge_storage_available_bytes',
  'upload_bridge_storage_files',
  'upload_bridge_storage_files_free',
  'upload_bridge_uploads_partial',
  'upload_bridge_uploads_partial_bytes',
  'upload_bridge_uploads_acknowledged_total',
  'upload_bridge_uploads_rejected_total{reason="storage"}',
  'upload_bridge_admission_open',
  'upload_bridge_database_up',
  'upload_bridge_deliveries_pending',
  'upload_bridge_deliveries_held',
  'upload_bridge_deliveries_damaged',
  'upload_bridge_deliveries_paused',
  'process_cpu_seconds_total',
]

const promisedByWorker = [
  'upload_bridge_build_info{version="unknown"}',
  'upload_bridge_delivery_attempts_total{result="acknowledged"}',
  'upload_bridge_delivery_attempts_total{result="refused"}',
  'upload_bridge_delivery_attempts_total{result="unreachable"}',
  'upload_bridge_delivery_attempts_total{result="timeout"}',
  'upload_bridge_delivery_attempts_total{result="mismatch"}',
  'upload_bridge_deliveries_acknowledged_total',
  'upload_bridge_delivery_duration_seconds_count',
  'process_cpu_seconds_total',
]
