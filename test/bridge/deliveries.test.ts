import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { getUpload, sample, sendByTus, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('delivers once an upload is acknowledged, and does not wait for a time to try again', async () => {
  const { api, worker, sink } = await ground.deploy({
    configuration: { downstream: { timeout: '1m', retry: { initial: '1h', max: '1h' } } },
  })
  const ready = async () => (await fetch(new URL('/readyz', worker.url))).status === 200
  await until('the worker is ready', ready)
  for (let count = 0; count < 5; count += 1) {
    const id = await sendByTus(api.url, sample(10_000).bytes)
    await until('it arrived', () => sink.arrivalOf(id))
  }
})

it('delivers what was acknowledged while downstream was away, once it is back', async () => {
  const { api, sink, worker } = await ground.deploy()
  await sink.stop()
  const { bytes, sha256 } = sample(100_000)
  const id = await sendByTus(api.url, bytes)
  await until('an attempt failed', async () => (await metric(worker.url, 'attempts_total{result="unreachable"}')) > 0)
  expect(await getUpload(api.url, id)).toMatchObject({ state: 'pending', sha256 })

  await sink.start()
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('tries again when downstream refuses, lies about the hash, or never answers', async () => {
  const { api, sink, worker } = await ground.deploy({ configuration: { downstream: { timeout: '300ms' } } })
  for (const [mood, result] of [
    ['failing', 'refused'],
    ['lying', 'mismatch'],
    ['silent', 'timeout'],
  ] as const) {
    sink.mood = mood
    const { bytes, sha256 } = sample(1000)
    const id = await sendByTus(api.url, bytes)
    await until(
      `${result} is counted`,
      async () => (await metric(worker.url, `attempts_total{result="${result}"}`)) > 1,
    )
    expect(await getUpload(api.url, id)).toMatchObject({ state: 'pending' })
    sink.mood = 'fine'
    await untilState(api.url, id, 'delivered')
    expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
  }
})

it('begins no attempt while deliveries are paused, and makes all of them due when resumed', async () => {
  const { api, sink, control } = await ground.deploy({
    configuration: { downstream: { retry: { initial: '1h', max: '1h' } } },
  })
  await sink.stop()
  const waiting = await sendByTus(api.url, sample(1000).bytes)
  await until('its first attempt failed', async () => (await attemptsOf(control, waiting)) === 1)
  await sink.start()

  expect(await control('deliveries', 'pause', '--reason', 'maintenance')).toMatchObject({ paused: true })
  await wait(1000)
  const fresh = await sendByTus(api.url, sample(1000).bytes)
  await wait(1500)
  expect(sink.attempts).toBe(0)
  expect(await control('status')).toMatchObject({ circuit: { paused: true, reason: 'maintenance' } })

  expect(await control('deliveries', 'resume')).toMatchObject({ due: 2 })
  await untilState(api.url, waiting, 'delivered')
  await untilState(api.url, fresh, 'delivered')
})

it('begins no attempt that the queue gave it just before deliveries were paused', async () => {
  const { api, worker, sink, control, databaseUrl } = await ground.deploy()
  const { query } = ground.get().postgres
  await control('deliveries', 'pause')
  const id = await sendByTus(api.url, sample(10).bytes)
  // Without the flag by which the queue keeps it back, it is given out as one that was asked for a moment too early.
  await query(
    databaseUrl,
    `select graphile_worker.add_job('deliver', json_build_object('id', $1::text), job_key => 'deliver:' || $1)`,
    [id],
  )
  await until('it is queued as what has to wait', async () => {
    const [job] = await query<{ flags: object | null }>(databaseUrl, 'select flags from graphile_worker.jobs')
    return job?.flags != null
  })
  await until('the worker is ready', async () => (await fetch(new URL('/readyz', worker.url))).status === 200)
  expect(sink.attempts).toBe(0)
  await control('deliveries', 'resume')
  await untilState(api.url, id, 'delivered')
})

it('keeps what is held, with its reason, until it is released', async () => {
  const { api, sink, control } = await ground.deploy()
  sink.mood = 'failing'
  const id = await sendByTus(api.url, sample(1000).bytes)
  const other = await sendByTus(api.url, sample(1000).bytes)
  await control('deliveries', 'hold', id, '--reason', 'crashes the importer')
  sink.mood = 'fine'
  await untilState(api.url, other, 'delivered')
  await wait(1000)
  // Its sender does not learn why.
  expect(await getUpload(api.url, id)).toEqual(expect.objectContaining({ state: 'held' }))
  expect(await getUpload(api.url, id)).not.toHaveProperty('reason')
  expect(await control('deliveries', 'list', '--held')).toMatchObject([{ id, reason: 'crashes the importer' }])
  expect(sink.arrivalOf(id)).toBeUndefined()

  await control('deliveries', 'release', id)
  await untilState(api.url, id, 'delivered')
})

it('makes a delivery due that would wait for an hour', async () => {
  const { api, sink, control, bridgectl } = await ground.deploy({
    configuration: { downstream: { retry: { initial: '1h', max: '1h' } } },
  })
  sink.mood = 'failing'
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('its first attempt failed', async () => (await attemptsOf(control, id)) === 1)
  sink.mood = 'fine'
  expect(await control('deliveries', 'retry', id)).toEqual({ due: 1 })
  await untilState(api.url, id, 'delivered')
  expect((await bridgectl('deliveries', 'retry', id)).exitCode).toBe(1)
})

it('delivers after a worker was killed in the middle of it, and does not wait for a time to try again', async () => {
  const deployment = await ground.deploy({
    configuration: { downstream: { timeout: '1m', retry: { initial: '1h', max: '1h' } } },
  })
  const { api, sink, worker } = deployment
  sink.mood = 'silent'
  const { bytes, sha256 } = sample(1_000_000)
  const id = await sendByTus(api.url, bytes)
  await until('downstream has it', () => sink.attempts === 1)
  await worker.end('SIGKILL')
  sink.mood = 'fine'

  await deployment.startWorker()
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('lets another worker take over at once from one that was killed', async () => {
  const deployment = await ground.deploy({ configuration: { downstream: { timeout: '1m' } } })
  const { api, sink, worker } = deployment
  sink.mood = 'silent'
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('downstream has it', () => sink.attempts === 1)
  const second = await deployment.startWorker()
  await wait(3000)
  expect(sink.attempts).toBe(1)
  sink.mood = 'fine'
  await worker.end('SIGKILL')
  await untilState(api.url, id, 'delivered')
  expect(second.isRunning).toBe(true)
})

it('gives a delivery back when the worker is told to stop, and exits with 0', async () => {
  const deployment = await ground.deploy({
    configuration: { downstream: { timeout: '1m', retry: { initial: '1h', max: '1h' } } },
  })
  const { api, sink, worker } = deployment
  sink.mood = 'silent'
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('downstream has it', () => sink.attempts === 1)
  expect(await worker.end('SIGTERM')).toBe(0)
  sink.mood = 'fine'
  await deployment.startWorker()
  await untilState(api.url, id, 'delivered')
})

it('holds an acknowledged upload whose bytes are damaged rather than delivering something else', async () => {
  const { api, sink, control, storagePath } = await ground.deploy()
  await control('deliveries', 'pause')
  const [missing, shorter, changed] = await Promise.all([
    sendByTus(api.url, sample(1000).bytes),
    sendByTus(api.url, sample(1000).bytes),
    sendByTus(api.url, sample(1000).bytes),
  ])
  const dataOf = (id: string) => join(storagePath, 'uploads', id)
  await rm(dataOf(missing))
  await writeFile(dataOf(shorter), 'short')
  await writeFile(dataOf(changed), Buffer.alloc(1000))
  await control('deliveries', 'resume')
  for (const id of [missing, shorter, changed]) await untilState(api.url, id, 'held')
  expect(sink.arrivals).toEqual([])
})

it('holds what downstream refuses for good, with the reason, and takes “already here” with the right hash for delivered', async () => {
  const answers: [number, object][] = []
  const server = createServer(async (request, response) => {
    const hash = createHash('sha256')
    for await (const chunk of request) hash.update(chunk)
    const [status, body] = answers.shift() ?? [503, {}]
    response
      .writeHead(status)
      .end(JSON.stringify({ ...body, ...(status === 409 ? { sha256: hash.digest('hex') } : {}) }))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  const { api, control } = await ground.deploy({ configuration: { downstream: { url } } })
  answers.push([413, { error: 'too big for us' }])
  const refused = await sendByTus(api.url, sample(1000).bytes)
  await untilState(api.url, refused, 'held')
  expect(await control('deliveries', 'list', '--held')).toMatchObject([
    { id: refused, attempts: 1, reason: expect.stringMatching(/status 413: .*too big for us/) },
  ])
  answers.push([409, { error: 'already have it' }])
  await untilState(api.url, await sendByTus(api.url, sample(1000).bytes), 'delivered')
})

it('spares a downstream that is away, and goes on when it is back', async () => {
  const { api, sink, worker } = await ground.deploy({ configuration: { downstream: { circuit: { failures: 3 } } } })
  await sink.stop()
  const ids = await Promise.all(Array.from({ length: 12 }, () => sendByTus(api.url, sample(1000).bytes)))
  await until('the circuit opens', async () => (await metric(worker.url, 'circuit_open')) === 1)
  await sink.start()
  for (const id of ids) await untilState(api.url, id, 'delivered')
  await until('the circuit closes', async () => (await metric(worker.url, 'circuit_open')) === 0)
})

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const line = text.split('\n').find(each => each.startsWith(`upload_bridge_delivery_${name} `))
  return Number(line?.split(' ').at(-1))
}

async function attemptsOf(control: (...args: string[]) => Promise<unknown>, id: string): Promise<unknown> {
  const facts = await control('uploads', 'show', id)
  return typeof facts === 'object' && facts !== null && 'attempts' in facts ? facts.attempts : undefined
}
