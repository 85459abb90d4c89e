import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createByTus, sample, sendByForm, sendByTus, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const temporary = (name: string) => join(ground.get().folder, name)

it('writes JSON lines with ECS names, the request’s id on each of its lines, and takes the client’s when it is harmless', async () => {
  const { api } = await ground.deploy()
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const get = (id: string) => fetch(new URL('/nowhere', api.url), { headers: { 'X-Request-Id': id, traceparent } })
  expect((await get('order-17')).headers.get('X-Request-Id')).toBe('order-17')
  const replaced = (await get('a b"}{')).headers.get('X-Request-Id')
  expect(replaced).toMatch(/^[\da-f-]{36}$/)
  const lines = await until('both are logged', () => {
    const found = api.log.filter(line => line['trace.id'] === 'a'.repeat(32))
    return found.length === 4 && found
  })
  expect(lines.map(line => line['http.request.id'])).toEqual(['order-17', 'order-17', replaced, replaced])
  expect(lines[1]).toMatchObject({
    '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    'log.level': 'info',
    message: 'request answered',
    'service.name': 'upload-bridge-api',
    'service.version': 'unknown',
    'client.address': '127.0.0.1',
  })
})

it('logs with the request’s id what goes wrong before it is known who asks', async () => {
  const keysFile = temporary('no-file-but-a-folder')
  await mkdir(keysFile)
  const { api } = await ground.deploy({ configuration: { auth: { keysFile } } })
  const { headers } = await fetch(new URL('/uploads/x', api.url), { headers: { Authorization: 'Bearer any' } })
  const line = await until('it is logged', () => api.log.find(line => line['log.level'] === 'error'))
  expect(line).toMatchObject({
    'http.request.id': headers.get('X-Request-Id'),
    error: { type: 'Error', stack_trace: expect.stringContaining('caused by') },
  })
})

it('calls counters and only counters “total”, as Prometheus’ linter wants it', async () => {
  const { api, worker } = await ground.deploy()
  for (const { url } of [api, worker]) {
    const metrics = await (await fetch(new URL('/metrics', url))).text()
    const types = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)]
    expect(types.filter(([, name, type]) => name?.endsWith('_total') !== (type === 'counter'))).toEqual([])
    expect(types.length).toBeGreaterThan(10)
  }
})

it('never writes a secret, wherever it came in', async () => {
  const { api, worker, bridgectl, sink } = await ground.deploy({
    configuration: {
      downstream: { token: 'planted-downstream-token' },
      audit: { path: temporary('secrets.ndjson') },
      log: { level: 'trace' },
    },
  })
  const planted = ['planted-bearer', 'planted-query', 'planted-downstream-token', 'planted-password']
  await fetch(new URL('/nowhere?key=planted-query', api.url), {
    headers: { Authorization: 'Bearer planted-bearer', 'User-Agent': 'x Bearer planted-bearer' },
  })
  const id = await sendByTus(api.url, sample(10).bytes)
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)?.headers.authorization).toBe('Bearer planted-downstream-token')
  const reason = 'see postgres://u:planted-password@db/x and planted-downstream-token'
  const held = await bridgectl('deliveries', 'hold', id, '--reason', reason)
  expect(held.exitCode).toBe(1)
  const audit = await readFile(temporary('secrets.ndjson'), 'utf8')
  expect(audit).toContain('[redacted]')
  const written = JSON.stringify([api.log, worker.log]) + audit
  for (const secret of planted) expect(written).not.toContain(secret)
  expect(JSON.stringify(api.log)).toContain('Bearer [redacted]')
})

it('keeps every line one line, whatever clients send', async () => {
  const auditPath = temporary('forged.ndjson')
  const { api } = await ground.deploy({ configuration: { audit: { path: auditPath }, log: { level: 'debug' } } })
  const name = 'x\r\n{"log.level":"fatal","message":"forged"}\u001b[2J\u0085\u2028'
  await createByTus(api.url, 10, name)
  expect((await sendByForm(api.url, sample(10).bytes, name)).status).toBe(201)
  await fetch(`${api.url}/%0d%0a%7b%22message%22:%22forged%22%7d`, { headers: { 'User-Agent': '\u0085\u009b2J' } })
  await until('it is logged', () => api.log.some(line => String(line['url.path']).includes('forged')))
  expect(api.log.filter(line => line.message === 'forged' || line['log.level'] === 'fatal')).toEqual([])
  const audit = await readFile(auditPath, 'utf8')
  expect(api.lines.join('\n')).toContain('\\u0085\\u009b2J')
  expect(audit + api.lines.join('\n')).not.toMatch(/[\u007f-\u009f\u2028\u2029]/)
  for (const line of audit.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ 'event.kind': 'event' })
})

it('says of every upload and delivery how large it was and how fast', async () => {
  const { api, worker } = await ground.deploy()
  const { bytes, sha256 } = sample(100_000)
  const id = await sendByTus(api.url, bytes)
  await untilState(api.url, id, 'delivered')
  const figures = {
    'upload.id': id,
    'file.size': 100_000,
    'event.duration': expect.any(Number),
    'transfer.bytes_per_second': expect.any(Number),
  }
  const acknowledged = api.log.find(line => line.message === 'upload acknowledged')
  expect(acknowledged).toMatchObject({ ...figures, 'file.hash.sha256': sha256, 'http.request.id': expect.any(String) })
  await until('the delivery is logged', () => worker.log.some(line => line.message === 'delivered'))
  expect(worker.log.find(line => line.message === 'delivered')).toMatchObject(figures)
})

it('writes down who did what, when, and how it ended', async () => {
  const auditPath = temporary('audit.ndjson')
  const { api, bridgectl, control } = await ground.deploy({ configuration: { audit: { path: auditPath } } })
  const id = await sendByTus(api.url, sample(10).bytes)
  await control('admission', 'close', '--reason', 'maintenance')
  expect((await sendByForm(api.url, sample(10).bytes)).status).toBe(503)
  expect((await bridgectl('deliveries', 'release', 'f'.repeat(32))).exitCode).toBe(1)
  await control('admission', 'status')
  const events = (await readFile(auditPath, 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const user = process.env.SUDO_USER || userInfo().username
  const address = '127.0.0.1'
  expect(
    events.map(event => [event['event.action'], event['event.outcome'], event['user.name'] ?? event['client.address']]),
  ).toEqual([
    ['upload.create', 'success', address],
    ['upload.acknowledge', 'success', address],
    ['admission close', 'success', user],
    ['upload.create', 'failure', address],
    ['deliveries release', 'failure', user],
  ])
  expect(events[1]).toMatchObject({
    'upload.id': id,
    '@timestamp': expect.any(String),
    'http.request.id': expect.any(String),
  })
})

it('rotates log and audit files at their size, and keeps as many as it is told', async () => {
  const folder = temporary('rotating')
  const { api } = await ground.deploy({
    configuration: {
      log: { file: join(folder, 'bridge.log'), maxSize: '4KiB', keep: 2 },
      audit: { path: join(folder, 'audit.ndjson'), maxSize: '1KiB', keep: 3 },
    },
  })
  for (let count = 0; count < 40; count++) await createByTus(api.url, 10)
  const files = ['audit.ndjson', 'audit.ndjson.1', 'audit.ndjson.2', 'audit.ndjson.3']
  expect((await readdir(folder)).sort()).toEqual([...files, 'bridge.log', 'bridge.log.1', 'bridge.log.2'])
  for (const name of files) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(1024)
  const newest = (await readFile(join(folder, 'bridge.log'), 'utf8')).trimEnd().split('\n').at(-1)
  expect(api.log).toContainEqual(JSON.parse(newest ?? ''))
})
