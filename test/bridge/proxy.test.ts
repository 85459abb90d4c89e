import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { sample, sendByForm } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const tus = { 'Tus-Resumable': '1.0.0' }

it('believes what a trusted proxy says of addresses, and lets no wrong key keep a right one out', async () => {
  const deployment = await ground.deploy({
    configuration: { api: { trustedProxies: '127.0.0.0/8' }, auth: { required: true, maxFailures: 3 } },
  })
  const key = await createKey(deployment, 'customer')
  const ask = async (address: string, bearer: string) => {
    const headers = { Authorization: `Bearer ${bearer}`, 'X-Forwarded-For': address }
    return (await fetch(new URL(`/uploads/${'a'.repeat(32)}`, deployment.api.url), { headers })).status
  }
  const guesses = [1, 2, 3, 4].map(number => ask('203.0.113.9', `ub_x_${number}`))
  expect((await Promise.all(guesses)).sort()).toEqual([401, 401, 401, 429])
  expect(await ask('198.51.100.7', 'ub_x_5')).toBe(401)
  expect([await ask('203.0.113.9', key), await ask('198.51.100.7', key)]).toEqual([404, 404])
})

it('believes nobody else', async () => {
  const { api } = await ground.deploy({ configuration: { auth: { required: true, maxFailures: 1 } } })
  const ask = async (address: string) => {
    const headers = { Authorization: 'Bearer ub_x_y', 'X-Forwarded-For': address }
    return (await fetch(new URL(`/uploads/${'a'.repeat(32)}`, api.url), { headers })).status
  }
  expect([await ask('203.0.113.9'), await ask('198.51.100.7')]).toEqual([401, 429])
})

it('tells addresses below its public one, and is found there whether the proxy takes the path away or not', async () => {
  const publicUrl = 'https://uploads.example/bridge/'
  const { api } = await ground.deploy({ configuration: { api: { publicUrl } } })
  const headers = { ...tus, 'Upload-Length': '3' }
  for (const path of ['/files/', '/bridge/files/']) {
    const created = await fetch(new URL(path, api.url), { method: 'POST', headers })
    const location = created.headers.get('Location') ?? ''
    expect(location).toMatch(/^https:\/\/uploads\.example\/bridge\/files\/[\da-f]{32}$/)
    const { pathname } = new URL(location)
    const head = await fetch(new URL(pathname, api.url), { method: 'HEAD', headers: tus })
    expect([created.status, head.status]).toEqual([201, 200])
  }
  const form = await sendByForm(api.url, sample(10).bytes)
  expect(form.headers.get('Location')).toMatch(/^https:\/\/uploads\.example\/bridge\/uploads\/[\da-f]{32}$/)
})

it('lets pages of allowed origins use it, and no others', async () => {
  const allowedOrigins = 'https://app.example, http://localhost:3000'
  const { api } = await ground.deploy({ configuration: { api: { allowedOrigins } } })
  for (const path of ['/files/', '/uploads', `/files/${'a'.repeat(32)}`]) {
    const preflight = (origin: string) =>
      fetch(new URL(path, api.url), {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
      })
    const allowed = (await preflight('https://app.example')).headers
    expect(allowed.get('Access-Control-Allow-Origin')).toBe('https://app.example')
    expect(allowed.get('Access-Control-Allow-Methods')).toContain('PATCH')
    expect(allowed.get('Access-Control-Allow-Headers')).toMatch(/Upload-Offset.*X-HTTP-Method-Override/)
    expect((await preflight('https://evil.example')).headers.get('Access-Control-Allow-Origin')).toBe(null)
  }
  const headers = { ...tus, 'Upload-Length': '3', Origin: 'http://localhost:3000' }
  const created = await fetch(new URL('/files/', api.url), { method: 'POST', headers })
  expect(created.headers.get('Access-Control-Allow-Origin')).toBe('http://localhost:3000')
  expect(created.headers.get('Access-Control-Expose-Headers')).toContain('Location')
  const refused = await fetch(new URL('/files/', api.url), {
    method: 'POST',
    headers: { Origin: 'https://app.example' },
  })
  expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([412, 'https://app.example'])
})

it('answers a refusal so that it arrives, although the client sends everything first and the connection ends with it', async () => {
  const { api } = await ground.deploy({ configuration: { auth: { required: true, maxFailures: 1000 } } })
  const form = { 'Content-Type': 'multipart/form-data; boundary=x', Authorization: 'Bearer no' }
  for (let count = 0; count < 3; count += 1) {
    expect(await sendAllThenRead(api.url, 'POST', '/uploads', form, 20_000_000)).toBe(401)
  }
  const open = await ground.deploy()
  const patch = { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }
  expect(await sendAllThenRead(open.api.url, 'PATCH', `/files/${'a'.repeat(32)}`, patch, 20_000_000)).toBe(404)
  expect(await sendAllThenRead(open.api.url, 'POST', '/uploads', { 'Content-Type': 'text/plain' }, 20_000_000)).toBe(
    415,
  )
  const large = { 'Content-Type': 'multipart/form-data; boundary=x' }
  expect(await sendAllThenRead(open.api.url, 'POST', '/uploads', large, 80_000_000)).toBe(413)
})

it('answers a refusal at once, although the connection ends with it and the client holds the rest back', async () => {
  const { api } = await ground.deploy({ configuration: { auth: { required: true } } })
  const outgoing = request(new URL('/uploads', api.url), {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'multipart/form-data; boundary=x', Connection: 'close', 'Content-Length': 5_000_000 },
  })
  outgoing.write(Buffer.alloc(1000))
  const [response] = await once(outgoing, 'response')
  expect(response.statusCode).toBe(401)
  response.resume()
  outgoing.end(Buffer.alloc(4_999_000))
  await once(outgoing, 'finish')
})

it('gives no key more than its share of places, and no place to a body that hardly arrives', async () => {
  const deployment = await ground.deploy({
    configuration: { auth: { required: true }, limits: { requestsInFlight: 4, minimumRate: '1KiB' } },
  })
  const [greedy, modest] = [await createKey(deployment, 'greedy'), await createKey(deployment, 'modest')]
  const { url } = deployment.api
  const slow = Array.from({ length: 2 }, () => dripUpload(url, greedy))
  const create = async (key: string) => {
    const headers = { ...tus, 'Upload-Length': '3', Authorization: `Bearer ${key}` }
    return (await fetch(new URL('/files/', url), { method: 'POST', headers })).status
  }
  await until('its share is taken', async () => (await create(greedy)) === 503)
  expect(await create(modest)).toBe(201)
  await until('its slow uploads are broken off', async () => (await create(greedy)) === 201)
  await Promise.all(slow)
})

async function createKey(deployment: Deployment, id: string): Promise<string> {
  const { stdout } = await deployment.bridgectl('keys', 'create', id, '--role', 'upload')
  return stdout.trim()
}

/** Sends a whole body before it reads, on a connection that ends with the answer, as nginx does by default. */
async function sendAllThenRead(
  url: string,
  method: string,
  path: string,
  headers: object,
  size: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), {
      method,
      agent: false,
      headers: { ...headers, Connection: 'close', 'Content-Length': size },
    })
    let status = 0
    outgoing.on('error', reject)
    outgoing.on('response', response => {
      status = response.statusCode ?? 0
      if (outgoing.writableFinished) resolve(status)
    })
    outgoing.on('finish', () => status > 0 && resolve(status))
    outgoing.end(Buffer.alloc(size))
  })
}

/** A body that gets a byte each second, until the service breaks it off. */
async function dripUpload(url: string, key: string): Promise<void> {
  const id = await createByTusAs(url, key)
  const outgoing = request(new URL(`/files/${id}`, url), {
    method: 'PATCH',
    agent: false,
    headers: {
      ...tus,
      Authorization: `Bearer ${key}`,
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': 1000,
    },
  })
  const timer = setInterval(() => outgoing.write('a'), 1000)
  outgoing.on('error', () => {})
  outgoing.on('response', response => response.resume())
  await new Promise(resolve => outgoing.on('close', resolve))
  clearInterval(timer)
}

async function createByTusAs(url: string, key: string): Promise<string> {
  const headers = { ...tus, 'Upload-Length': '1000', Authorization: `Bearer ${key}` }
  const created = await fetch(new URL('/files/', url), { method: 'POST', headers })
  return created.headers.get('Location')?.split('/').at(-1) ?? ''
}
