import { request } from 'node:http'
import { expect, it } from 'vitest'
import { createByTus, readProblem, sample, untilState } from '../support/clients.ts'
import type { Deployment } from '../support/deployment.ts'
import { prepareGround } from '../support/ground.ts'

const ground = prepareGround()
const body = 'application/offset+octet-stream'

let deployment: Deployment
const deployed = async () => {
  deployment = await ground.deploy()
  return deployment
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Sends a request as it is written: fetch adds and forbids headers. */
async function send(method: string, path: string, headers: object, bytes?: Buffer | string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, deployment.api.url), { method, agent: false, headers: { ...headers } })
    outgoing.on('error', reject)
    outgoing.on('response', async response => {
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
    })
    outgoing.end(bytes)
  })
}

const tus = { 'Tus-Resumable': '1.0.0' }
const codeOf = ({ text }: Answered): unknown => JSON.parse(text).code
const base64 = (text: string) => Buffer.from(text).toString('base64')

it('speaks the core of tus 1.0', async () => {
  const { api } = await deployed()
  const options = await send('OPTIONS', '/files/', {})
  expect(options).toMatchObject({ status: 204, headers: { 'tus-version': '1.0.0' } })
  expect(String(options.headers['tus-extension']).split(',').sort()).toEqual([
    'creation',
    'creation-defer-length',
    'creation-with-upload',
    'expiration',
    'termination',
  ])
  expect(JSON.stringify(options.headers)).not.toMatch(/checksum|concat/i)

  // Another version: 412, with the versions that are spoken, and nothing is processed.
  for (const version of [{}, { 'Tus-Resumable': '0.2.2' }]) {
    const refused = await send('POST', '/files/', { ...version, 'Upload-Length': '3' })
    expect(refused).toMatchObject({ status: 412, headers: { 'tus-version': '1.0.0', 'tus-resumable': '1.0.0' } })
    expect(codeOf(refused)).toBe('tus-version-unsupported')
  }

  const unknown = `/files/${'a'.repeat(32)}`
  for (const [method, headers] of [
    ['HEAD', {}],
    ['PATCH', { 'Upload-Offset': '0', 'Content-Type': body }],
    ['DELETE', {}],
  ] as const) {
    const missing = await send(method, unknown, { ...tus, ...headers })
    expect([method, missing.status, missing.headers['tus-resumable']]).toEqual([method, 404, '1.0.0'])
    expect(missing.headers['upload-offset']).toBeUndefined()
  }

  const id = await createByTus(api.url, 3)
  const head = await send('HEAD', `/files/${id}`, tus)
  expect(head.headers).toMatchObject({ 'upload-offset': '0', 'upload-length': '3', 'cache-control': 'no-store' })
  const patch = (offset: string, type: string) =>
    send('PATCH', `/files/${id}`, { ...tus, 'Upload-Offset': offset, 'Content-Type': type, 'Content-Length': 3 }, 'abc')
  expect(await patch('0', 'text/plain')).toMatchObject({ status: 415 })
  expect(await patch('1', body)).toMatchObject({ status: 409 })
  expect(await patch('-1', body)).toMatchObject({ status: 400 })
  const done = await patch('0', body)
  expect(done).toMatchObject({ status: 204, headers: { 'upload-offset': '3', 'tus-resumable': '1.0.0' } })
})

it('obeys X-HTTP-Method-Override, whatever the real method is', async () => {
  const { api } = await deployed()
  const id = await createByTus(api.url, 3)
  const overridden = { ...tus, 'X-HTTP-Method-Override': 'PATCH', 'Upload-Offset': '0', 'Content-Type': body }
  expect(await send('POST', `/files/${id}`, { ...overridden, 'Content-Length': 3 }, 'abc')).toMatchObject({
    status: 204,
  })
  const other = await createByTus(api.url, 3)
  const ended = await send('POST', `/files/${other}`, { ...tus, 'X-HTTP-Method-Override': 'DELETE' })
  expect(ended.status).toBe(204)
  expect((await send('HEAD', `/files/${other}`, tus)).status).toBe(404)
})

it('refuses an overriding method that nothing takes, and says which are', async () => {
  const { api } = await deployed()
  const id = await createByTus(api.url, 3)
  for (const named of ['FOO', 'PUT', 'GET', '']) {
    const answer = await send('POST', `/files/${id}`, { ...tus, 'X-HTTP-Method-Override': named })
    expect([named, answer.status, codeOf(answer)]).toEqual([named, 405, 'method-not-allowed'])
    expect(answer.headers.allow).toBe('DELETE, HEAD, OPTIONS, PATCH')
  }
})

it('tells no metadata of an upload that came without, whatever query its address has', async () => {
  const { api } = await deployed()
  const created = await send('POST', '/files/?x=1', { ...tus, 'Upload-Length': '3' })
  const path = `${created.headers.location}?token=a/b`
  const type = 'Application/Offset+Octet-Stream; charset=x'
  const head = async () => (await send('HEAD', path, tus)).headers
  expect(await head()).not.toHaveProperty('upload-metadata')
  const refused = await send('PATCH', path, { ...tus, 'Upload-Offset': '0', 'Content-Type': type }, 'abc')
  expect(refused.status).toBe(415)
  const sent = { ...tus, 'Upload-Offset': '0', 'Content-Type': body.toUpperCase(), 'Content-Length': 3 }
  expect((await send('PATCH', path, sent, 'abc')).status).toBe(204)
  expect(await head()).toMatchObject({ 'upload-offset': '3' })
  expect(await head()).not.toHaveProperty('upload-metadata')
  await untilState(api.url, String(created.headers.location).split('/').at(-1) ?? '', 'delivered')
  expect(await head()).not.toHaveProperty('upload-metadata')
})

it('gives metadata back exactly as it was sent, before and after the upload is complete, and passes it on', async () => {
  const { api, sink } = await deployed()
  const metadata = `customer ${base64('42')},is_confidential,filename ${base64('über.txt')},filetype ${base64('text/csv')}`
  const created = await send('POST', '/files/', { ...tus, 'Upload-Length': '3', 'Upload-Metadata': metadata })
  const path = String(created.headers.location)
  expect((await send('HEAD', path, tus)).headers['upload-metadata']).toBe(metadata)
  await send('PATCH', path, { ...tus, 'Upload-Offset': '0', 'Content-Type': body, 'Content-Length': 3 }, 'abc')
  expect((await send('HEAD', path, tus)).headers['upload-metadata']).toBe(metadata)
  const id = path.split('/').at(-1) ?? ''
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ name: 'über.txt', headers: { 'upload-metadata': metadata } })
})

it('keeps nothing of a creation that it refuses', async () => {
  const { control } = await deployed()
  const create = (headers: object, bytes?: string) => send('POST', '/files/', { ...tus, ...headers }, bytes)
  const with6 = { 'Upload-Length': '3', 'Content-Type': body }
  const refusals = [
    await create({ ...with6, 'Content-Length': 6 }, 'abcdef'),
    await create({ ...with6, 'Transfer-Encoding': 'chunked' }, 'abcdef'),
    await create({}),
    await create({ 'Upload-Length': '3', 'Upload-Defer-Length': '1' }),
    await create({ 'Upload-Defer-Length': '2' }),
    await create({ 'Upload-Length': '-1' }),
    await create({ 'Upload-Length': `${65 * 1024 * 1024}` }),
    await create({ 'Upload-Length': '3', 'Upload-Metadata': 'filename not-base-64!' }),
    await create({ 'Upload-Length': '3', 'Upload-Checksum': 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=' }),
    await create({ 'Upload-Length': '3', 'Upload-Concat': 'partial' }),
  ]
  expect(refusals.map(({ status }) => status)).toEqual([413, 413, 400, 400, 400, 400, 413, 400, 501, 501])
  for (const { headers } of refusals) expect(headers.location).toBeUndefined()
  expect(await control('uploads', 'list')).toEqual([])
})

it('takes the first bytes with the creation, and refuses to end what is complete', async () => {
  const { sink, api } = await deployed()
  const headers = { ...tus, 'Upload-Length': '6', 'Content-Type': body, 'Content-Length': 3 }
  const created = await send('POST', '/files/', headers, 'abc')
  expect(created).toMatchObject({ status: 201, headers: { 'upload-offset': '3' } })
  const path = String(created.headers.location)
  const checked = {
    ...tus,
    'Upload-Offset': '3',
    'Content-Type': body,
    'Content-Length': 3,
    'Upload-Checksum': 'md5 x',
  }
  expect((await send('PATCH', path, checked, 'def')).status).toBe(501)
  const { 'Upload-Checksum': _, ...unchecked } = checked
  expect((await send('PATCH', path, unchecked, 'def')).status).toBe(204)
  const id = path.split('/').at(-1) ?? ''
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)?.size).toBe(6)
  expect((await send('DELETE', path, tus)).status).toBe(400)
})

it('lets a key that may only read look at an upload without breaking off its writer', async () => {
  await deployed()
  const { stdout } = await deployment.bridgectl('keys', 'create', 'dashboard', '--role', 'read')
  const { bytes } = sample(200_000)
  const id = await createByTus(deployment.api.url, bytes.length)
  const patch = request(new URL(`/files/${id}`, deployment.api.url), {
    method: 'PATCH',
    agent: false,
    headers: { ...tus, 'Upload-Offset': '0', 'Content-Type': body, 'Content-Length': bytes.length },
  })
  const answered = new Promise<number>((resolve, reject) => {
    patch.on('response', response => resolve(response.statusCode ?? 0)).on('error', reject)
  })
  patch.write(bytes.subarray(0, 100_000))
  let offset = 0
  while (offset === 0) {
    const head = await send('HEAD', `/files/${id}`, { ...tus, Authorization: `Bearer ${stdout.trim()}` })
    expect(head.status).toBe(200)
    offset = Number(head.headers['upload-offset'])
  }
  // More than the time that a writer gets to let go.
  await new Promise(resolve => setTimeout(resolve, 1500))
  patch.end(bytes.subarray(100_000))
  expect(await answered).toBe(204)
})

it('says the code of every refusal in a problem', async () => {
  await deployed()
  const answer = await fetch(new URL('/files/', deployment.api.url), {
    method: 'POST',
    headers: { ...tus, 'Upload-Length': 'x' },
  })
  expect((await readProblem(answer)).code).toBe('invalid-request')
})
