import { beforeAll, describe, expect, it } from 'vitest'
import { startDeployment } from '../support/deployment.ts'
import { prepareGround } from '../support/ground.ts'

// What tus 1.0 says that a server MUST do, and no test beside this one shows (conformance.process.test.ts, ../space.test.ts).

const ground = prepareGround()
const body = 'application/offset+octet-stream'
const tus = { 'Tus-Resumable': '1.0.0' }
let url: string

// Ends with the ground: `deploy()` ends after a test, and these share one.
beforeAll(async () => {
  const deployment = await startDeployment(ground.get())
  url = deployment.api.url
  return () => deployment.end()
})

function send(method: string, path: string, headers: Record<string, string> = {}, bytes?: string): Promise<Response> {
  return fetch(new URL(path, url), {
    method,
    headers: { ...tus, ...headers },
    ...(bytes === undefined ? {} : { body: bytes }),
  })
}

async function create(headers: Record<string, string>, bytes?: string): Promise<string> {
  const created = await send('POST', '/files/', headers, bytes)
  expect(created.status).toBe(201)
  return created.headers.get('Location') ?? ''
}

const patch = (path: string, offset: number, bytes: string, headers: Record<string, string> = {}) =>
  send('PATCH', path, { 'Upload-Offset': `${offset}`, 'Content-Type': body, ...headers }, bytes)

describe('core', () => {
  it('ignores Tus-Resumable of an OPTIONS request, and tells versions and the largest size', async () => {
    for (const version of ['0.1.0', '1.0.0', 'x']) {
      const { status, headers } = await send('OPTIONS', '/files/', { 'Tus-Resumable': version })
      expect([status, headers.get('Tus-Version'), headers.get('Tus-Max-Size')]).toEqual([
        204,
        '1.0.0',
        `${64 * 1024 * 1024}`,
      ])
    }
  })

  it('has Tus-Resumable in every answer but that of OPTIONS, also in refusals', async () => {
    const path = await create({ 'Upload-Length': '6' })
    const answers = [
      await send('POST', '/files/', { 'Upload-Length': '1' }),
      await send('POST', '/files/', { 'Upload-Length': 'x' }),
      await send('HEAD', path),
      await patch(path, 1, 'a'),
      await patch(path, 0, 'abc'),
      await send('PATCH', path, { 'Upload-Offset': '3' }, 'abc'),
      await send('DELETE', path),
      await send('HEAD', path),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 200, 409, 204, 415, 204, 404])
    for (const { headers } of answers) expect(headers.get('Tus-Resumable')).toBe('1.0.0')
  })

  it('answers a PATCH with the sum of its offset and the bytes that it took, and goes on only from there', async () => {
    const path = await create({ 'Upload-Length': '6' })
    expect((await patch(path, 0, 'ab')).headers.get('Upload-Offset')).toBe('2')
    expect((await patch(path, 0, 'ab')).status).toBe(409)
    expect((await patch(path, 3, 'd')).status).toBe(409)
    expect((await send('HEAD', path)).headers.get('Upload-Offset')).toBe('2')
    expect((await patch(path, 2, 'cdef')).headers.get('Upload-Offset')).toBe('6')
  })

  it('takes no byte beyond the length', async () => {
    const path = await create({ 'Upload-Length': '3' })
    expect((await patch(path, 0, 'abcd')).status).toBe(413)
    expect(Number((await send('HEAD', path)).headers.get('Upload-Offset'))).toBeLessThanOrEqual(3)
  })

  it('keeps a HEAD from being cached, and tells the offset also when it is 0', async () => {
    const { headers } = await send('HEAD', await create({ 'Upload-Length': '3' }))
    expect([headers.get('Cache-Control'), headers.get('Upload-Offset')]).toEqual(['no-store', '0'])
  })
})

describe('creation-defer-length', () => {
  it('says in a HEAD that the length is deferred until it is known, and then the length', async () => {
    const path = await create({ 'Upload-Defer-Length': '1' })
    const before = await send('HEAD', path)
    expect([before.headers.get('Upload-Defer-Length'), before.headers.get('Upload-Length')]).toEqual(['1', null])
    expect((await patch(path, 0, 'abc', { 'Upload-Length': '6' })).status).toBe(204)
    const after = await send('HEAD', path)
    expect([after.headers.get('Upload-Defer-Length'), after.headers.get('Upload-Length')]).toEqual([null, '6'])
  })

  it('does not let the length change once it is set', async () => {
    const path = await create({ 'Upload-Length': '6' })
    expect((await patch(path, 0, 'abc', { 'Upload-Length': '9' })).status).toBe(400)
    expect((await send('HEAD', path)).headers.get('Upload-Length')).toBe('6')
  })
})

describe('creation-with-upload', () => {
  it('answers with the offset, and takes bytes of no other type', async () => {
    const headers = { 'Upload-Length': '6', 'Content-Type': body }
    expect((await send('POST', '/files/', headers, 'abc')).headers.get('Upload-Offset')).toBe('3')
    const other = await send('POST', '/files/', { 'Upload-Length': '6', 'Content-Type': 'text/plain' }, 'abc')
    const path = other.headers.get('Location')
    // Refused, or made without the bytes: never with them.
    if (path === null) expect(other.status).toBe(415)
    else expect((await send('HEAD', path)).headers.get('Upload-Offset')).toBe('0')
  })
})

describe('expiration', () => {
  it('tells when an upload expires in the answers to its creation and to each PATCH, as HTTP writes dates', async () => {
    const created = await send('POST', '/files/', { 'Upload-Length': '6' })
    const patched = await patch(created.headers.get('Location') ?? '', 0, 'abc')
    for (const { headers } of [created, patched]) {
      const expires = headers.get('Upload-Expires') ?? ''
      expect(new Date(expires).toUTCString()).toBe(expires)
    }
  })
})
