import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readProblem, type StreamingRequest, sample, untilState } from '../support/clients.ts'
import type { Deployment } from '../support/deployment.ts'
import { prepareGround } from '../support/ground.ts'
import { until } from '../support/until.ts'

const ground = prepareGround()

async function send(
  url: string,
  key: string,
  bytes: Buffer<ArrayBuffer>,
  options: { name?: string; apiKey?: string } = {},
) {
  const form = new FormData()
  form.append('file', new Blob([bytes]), options.name ?? 'form.bin')
  const headers = {
    'Idempotency-Key': key,
    ...(options.apiKey === undefined ? {} : { Authorization: `Bearer ${options.apiKey}` }),
  }
  return fetch(new URL('/uploads', url), { method: 'POST', body: form, headers })
}

/** Begins a form whose bytes come when the test says so. */
function begin(url: string, key: string, bytes: Buffer<ArrayBuffer>) {
  let finish = () => {}
  const abort = new AbortController()
  const request: StreamingRequest = {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=xx', 'Idempotency-Key': key },
    body: new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(
          Buffer.from('--xx\r\nContent-Disposition: form-data; name="file"; filename="form.bin"\r\n\r\n'),
        )
        controller.enqueue(bytes.subarray(0, 10))
        finish = () => {
          controller.enqueue(bytes.subarray(10))
          controller.enqueue(Buffer.from('\r\n--xx--\r\n'))
          controller.close()
        }
      },
    }),
    duplex: 'half',
    signal: abort.signal,
  }
  return { answer: fetch(new URL('/uploads', url), request), finish: () => finish(), abort: () => abort.abort() }
}

/** Waits until a request under a key is under way. */
async function untilTaken({ databaseUrl }: Deployment, key: string): Promise<void> {
  const taken = `select from upload_bridge.idempotency where key = '${key}' and answer is null`
  await until('it is under way', async () => (await ground.get().postgres.query(databaseUrl, taken)).length === 1)
}

/** What time does, without waiting for it: every claim and every answer is over. */
async function letTimePass({ databaseUrl }: Deployment): Promise<void> {
  await ground.get().postgres.query(databaseUrl, `update upload_bridge.idempotency set kept_until = '2020-01-01'`)
}

it('gives the same answer to the same file under the same key, by every process and after a restart, and 422 to another', async () => {
  const deployment = await ground.deploy()
  const first = deployment.api
  const second = await deployment.startApi()
  const { bytes, sha256 } = sample(200_000)
  const sent = await send(first.url, '"order-7"', bytes)
  const answer = await sent.json()
  expect([sent.status, answer]).toMatchObject([201, { sha256, name: 'form.bin', size: 200_000 }])
  await first.end('SIGKILL')
  const third = await deployment.startApi()
  for (const { url } of [second, third]) {
    const again = await send(url, 'order-7', bytes)
    expect([again.status, again.headers.get('Location'), await again.json()]).toEqual([
      201,
      sent.headers.get('Location'),
      answer,
    ])
    const others = [await send(url, 'order-7', sample(200_000).bytes), await send(url, 'order-7', bytes, { name: 'b' })]
    for (const other of others)
      expect(await readProblem(other)).toMatchObject({ status: 422, code: 'idempotency-key-reused' })
  }
  expect(await (await send(second.url, 'order-8', bytes)).json()).not.toMatchObject({ id: answer.id })
  expect((await send(second.url, 'order\u00207, order 8', bytes)).status).toBe(400)
  await untilState(second.url, answer.id, 'delivered')
  await until('both are delivered', () => deployment.sink.arrivals.length === 2)
  expect((await readdir(join(deployment.storagePath, 'uploads'))).filter(name => name.endsWith('.json'))).toEqual([])
  await deployment.control('admission', 'close')
  expect((await send(second.url, 'order-7', bytes)).status).toBe(201)
  expect((await send(second.url, 'order-9', bytes)).status).toBe(507)
  await deployment.control('admission', 'open')
  expect((await send(second.url, 'order-9', bytes)).status).toBe(201)
})

it('answers 409 while the first is under way, to every process; a broken first leaves the key free', async () => {
  const deployment = await ground.deploy()
  const { url } = deployment.api
  const second = await deployment.startApi()
  const { bytes } = sample(100_000)
  const first = begin(url, 'k', bytes)
  await untilTaken(deployment, 'k')
  expect((await send(second.url, 'k', bytes)).status).toBe(409)
  expect(await readProblem(await send(url, 'k', bytes))).toMatchObject({ status: 409, code: 'idempotency-key-in-use' })
  first.abort()
  await expect(first.answer).rejects.toThrow()
  await until('the key is free', async () => (await send(second.url, 'k', bytes)).status === 201)
  expect((await send(url, 'k', bytes)).status).toBe(201)
  await until('one is delivered', () => deployment.sink.arrivals.length > 0)
  expect(deployment.sink.arrivals).toHaveLength(1)
})

it('frees a key whose process was killed, and keeps what a process that slept too long does not own any more', async () => {
  const deployment = await ground.deploy({ configuration: { limits: { minimumRate: 0 } } })
  const { api } = deployment
  const second = await deployment.startApi()
  const { bytes } = sample(100_000)
  const killed = await deployment.startApi()
  const broken = begin(killed.url, 'killed', bytes)
  const slept = begin(api.url, 'slept', bytes)
  broken.answer.catch(() => {})
  for (const key of ['killed', 'slept']) await untilTaken(deployment, key)
  await killed.end('SIGKILL')
  api.signal('SIGSTOP')
  await letTimePass(deployment)
  const answers = await Promise.all(
    ['killed', 'slept'].map(key =>
      until('the key is free', async () => {
        const sent = await send(second.url, key, bytes)
        return sent.status === 201 && sent.json()
      }),
    ),
  )
  api.signal('SIGCONT')
  slept.finish()
  expect((await slept.answer).status).toBe(409)
  expect(await (await send(second.url, 'slept', bytes)).json()).toEqual(answers[1])
})

it('keeps the keys of clients apart, and forgets them when their time is over', async () => {
  const configuration = { auth: { required: true } }
  const deployment = await ground.deploy({ configuration })
  const { api, control } = deployment
  const create = async (name: string) =>
    ((await control('keys', 'create', name, '--role', 'upload')) as { key: string }).key
  const [a, b] = [await create('a'), await create('b')]
  const [one, other] = [sample(1000).bytes, sample(1000).bytes]
  expect((await send(api.url, 'k', one, { apiKey: a })).status).toBe(201)
  expect((await send(api.url, 'k', other, { apiKey: b })).status).toBe(201)
  expect((await send(api.url, 'k', other, { apiKey: a })).status).toBe(422)
  await letTimePass(deployment)
  expect((await send(api.url, 'k', other, { apiKey: a })).status).toBe(201)
})
