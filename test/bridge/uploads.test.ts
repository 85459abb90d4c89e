import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import type { Upload } from 'tus-js-client'
import { expect, it } from 'vitest'
import {
  createByTus,
  getUpload,
  headByTus,
  patchByTus,
  readProblem,
  readUpload,
  type StreamingRequest,
  sample,
  sendByForm,
  sendByTus,
  untilState,
} from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('delivers 50 MB sent by tus in chunks with equal SHA-256, though the client is cut off halfway', async () => {
  const { api, sink } = await ground.deploy()
  const { bytes, sha256 } = sample(50_000_000)
  const location = await cutOff(api.url, bytes, 20_000_000)

  const id = await sendByTus(api.url, bytes, { uploadUrl: location })

  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256, size: bytes.length, name: 'sample.bin' })
})

it('resumes an upload after the API was killed in the middle of it', async () => {
  const deployment = await ground.deploy()
  const { bytes, sha256 } = sample(30_000_000)
  const location = await cutOff(deployment.api.url, bytes, 10_000_000, () => void deployment.api.end('SIGKILL'))
  const { url } = await deployment.startApi()

  const id = location.split('/').at(-1) ?? ''
  const head = await headByTus(url, id)
  expect(Number(head.headers.get('Upload-Offset'))).toBeGreaterThanOrEqual(10_000_000)
  await sendByTus(url, bytes, { uploadUrl: new URL(`/files/${id}`, url).href })

  await untilState(url, id, 'delivered')
  expect(deployment.sink.arrivalOf(id)).toMatchObject({ sha256 })
})

it('lets a request in flight end after SIGTERM, refuses new ones, and exits with 0', async () => {
  const { api } = await ground.deploy({ configuration: { api: { drainTimeout: '20s' } } })
  const { bytes } = sample(4_000_000)
  const id = await createByTus(api.url, bytes.length)
  const slow = slowBody(bytes)
  const init: StreamingRequest = {
    method: 'PATCH',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': `${bytes.length}`,
    },
    body: slow.stream,
    duplex: 'half',
  }
  const patch = fetch(new URL(`/files/${id}`, api.url), init)
  await until('half of it arrived', async () => ((await getUpload(api.url, id)).offset ?? 0) > 0)
  const exit = api.end('SIGTERM')
  await until('readiness fails', async () => (await fetch(new URL('/readyz', api.url))).status === 503)
  const refused = await sendByForm(api.url, bytes)
  expect(refused.status).toBe(503)
  expect(await readProblem(refused)).toMatchObject({ code: 'draining' })

  slow.finish()
  expect((await patch).status).toBe(204)
  expect(await exit).toBe(0)
})

it('delivers a form sent by fetch and one sent by curl -F', async () => {
  const { api, sink } = await ground.deploy()
  const { bytes, sha256 } = sample(3_000_000)

  const response = await sendByForm(api.url, bytes, 'über uns.bin')
  expect(response.status).toBe(201)
  const upload = await readUpload(response)
  expect(upload).toMatchObject({ name: 'über uns.bin', size: bytes.length, sha256 })
  expect(response.headers.get('Location')).toBe(`/uploads/${upload.id}`)
  await untilState(api.url, upload.id, 'delivered')
  expect(sink.arrivalOf(upload.id)).toMatchObject({ sha256, name: 'über uns.bin' })

  const file = join(ground.get().folder, 'curl.bin')
  await writeFile(file, bytes)
  const { stdout } = await execa('curl', ['-sS', '-F', `file=@${file}`, `${api.url}/uploads`])
  const { id } = JSON.parse(stdout)
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ sha256, name: 'curl.bin' })
})

it('leaves nothing behind of a form that was cut off', async () => {
  const { api, control } = await ground.deploy()
  const abort = new AbortController()
  const boundary = 'xx'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.concat([Buffer.from(head), sample(1_000_000).bytes]))
    },
  })
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
  const init: StreamingRequest = {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
    signal: abort.signal,
  }
  const request = fetch(new URL('/uploads', api.url), init)
  await until('it is on the volume', async () => JSON.stringify(await control('uploads', 'list', '--partial')) !== '[]')
  abort.abort()
  await expect(request).rejects.toThrow()
  await until('it is gone', async () => JSON.stringify(await control('uploads', 'list', '--partial')) === '[]')
})

it('acknowledges an upload once, however often its last request is repeated', async () => {
  const { api, sink, databaseUrl } = await ground.deploy()
  const { bytes } = sample(1000)
  const id = await createByTus(api.url, bytes.length)
  expect((await patchByTus(api.url, id, 0, bytes)).status).toBe(204)

  const repeats = await Promise.all([1, 2, 3].map(() => patchByTus(api.url, id, bytes.length, Buffer.alloc(0))))
  expect(repeats.map(response => response.status)).toEqual([204, 204, 204])
  expect((await patchByTus(api.url, id, 0, bytes)).status).toBe(409)
  expect((await patchByTus(api.url, id, bytes.length, bytes)).status).toBe(413)
  await untilState(api.url, id, 'delivered')
  await wait(300)
  expect(sink.attempts).toBe(1)
  expect(await ground.get().postgres.query(databaseUrl, 'select id from upload_bridge.uploads')).toEqual([{ id }])
})

it('still knows a delivered upload when its bytes are removed', async () => {
  const { api, databaseUrl } = await ground.deploy({ configuration: { storage: { retainDelivered: '0s' } } })
  const { bytes } = sample(1000)
  const id = await sendByTus(api.url, bytes)
  await until('the bytes are removed', async () => {
    const sql = 'select id from upload_bridge.uploads where bytes_removed_at is not null'
    return (await ground.get().postgres.query(databaseUrl, sql)).length === 1
  })
  const head = await headByTus(api.url, id)
  expect(head.status).toBe(200)
  expect(head.headers.get('Upload-Offset')).toBe('1000')
  expect(await getUpload(api.url, id)).toMatchObject({ state: 'delivered', offset: 1000 })
})

it('forgets an upload that was delivered long ago, and none that still has bytes or waits', async () => {
  const deployment = await ground.deploy({
    configuration: { storage: { retainDelivered: '100ms', retainRecords: '2s' } },
  })
  const { api, control, storagePath, databaseUrl } = deployment
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('it is forgotten', async () => (await fetch(new URL(`/uploads/${id}`, api.url))).status === 404)
  await control('deliveries', 'pause')
  const waiting = await sendByTus(api.url, sample(1000).bytes)
  const kept = await sendByTus(api.url, sample(1000).bytes)
  const { postgres } = ground.get()
  await postgres.query(databaseUrl, `update upload_bridge.uploads set acknowledged_at = '2020-01-01'`)
  const delivered = `update upload_bridge.uploads set state = 'delivered', delivered_at = '2020-01-01'`
  await postgres.query(databaseUrl, `${delivered} where id = '${kept}'`)
  const last = await sendByTus(api.url, sample(1000).bytes)
  await postgres.query(
    databaseUrl,
    `${delivered}, acknowledged_at = '2020-01-01', bytes_removed_at = now() where id = '${last}'`,
  )
  await until(
    'another one is forgotten',
    async () => (await fetch(new URL(`/uploads/${last}`, api.url))).status === 404,
  )
  expect((await getUpload(api.url, waiting)).state).toBe('pending')
  expect((await getUpload(api.url, kept)).state).toBe('delivered')
  expect((await stat(join(storagePath, 'uploads', kept))).size).toBe(1000)
})

it('takes an empty upload', async () => {
  const { api, sink } = await ground.deploy()
  const id = await createByTus(api.url, 0)
  await untilState(api.url, id, 'delivered')
  expect(sink.arrivalOf(id)).toMatchObject({ size: 0, sha256: sample(0).sha256 })
})

it('tells downstream and itself by the standard headers', async () => {
  const { api, sink } = await ground.deploy()
  const { bytes, sha256 } = sample(1000)
  const id = await sendByTus(api.url, bytes, { metadata: { filename: '../../etc/pass\u0000wd\r\n' } })
  await untilState(api.url, id, 'delivered')
  const digest = Buffer.from(sha256, 'hex').toString('base64')
  expect(sink.arrivalOf(id)?.headers).toMatchObject({
    'content-length': '1000',
    'content-digest': `sha-256=:${digest}:`,
    'idempotency-key': id,
    'x-upload-name': 'passwd',
  })
  const response = await fetch(new URL('/livez', api.url))
  expect(response.headers.get('X-Upload-Bridge-Version')).toBe('unknown')
  expect(response.headers.get('Content-Type')).toContain('application/health+json')
})

it('answers mistakes with problems that have stable codes', async () => {
  const { api } = await ground.deploy()
  const tus = { 'Tus-Resumable': '1.0.0' }
  const codeOf = async (path: string, init?: RequestInit) => (await readProblem(await fetch(api.url + path, init))).code
  const unknown = 'a'.repeat(32)
  expect(await codeOf('/nowhere')).toBe('not-found')
  expect(await codeOf(`/uploads/${unknown}`)).toBe('upload-not-found')
  expect(await codeOf('/uploads/..%2f..%2fetc%2fpasswd')).toBe('upload-not-found')
  expect(await codeOf('/uploads', { method: 'POST', body: 'x' })).toBe('media-type-unsupported')
  expect(await codeOf('/uploads', { method: 'POST', body: form('other') })).toBe('file-missing')
  expect(await codeOf('/files/', { method: 'POST' })).toBe('tus-version-unsupported')
  expect(await codeOf('/files/', { method: 'POST', headers: tus })).toBe('invalid-request')
  const large = { ...tus, 'Upload-Length': `${65 * 1024 * 1024}` }
  expect(await codeOf('/files/', { method: 'POST', headers: large })).toBe('upload-too-large')
  const concatenated = { ...tus, 'Upload-Length': '1', 'Upload-Concat': 'partial' }
  expect(await codeOf('/files/', { method: 'POST', headers: concatenated })).toBe('not-implemented')
  expect(await readProblem(await patchByTus(api.url, unknown, 0, Buffer.alloc(1)))).toMatchObject({
    code: 'upload-not-found',
  })
  const id = await createByTus(api.url, 10)
  expect(await readProblem(await patchByTus(api.url, id, 5, Buffer.alloc(1)))).toMatchObject({
    code: 'offset-conflict',
  })
  expect(await codeOf(`/files/${id}`, { method: 'DELETE', headers: tus }).catch(() => 'gone')).toBe('gone')
  expect((await headByTus(api.url, id)).status).toBe(404)
})

it('answers a form that is too large with 413 and keeps nothing of it', async () => {
  const { api, control } = await ground.deploy({ configuration: { storage: { maxUploadSize: '1MiB' } } })
  const response = await sendByForm(api.url, sample(3_000_000).bytes)
  expect(response.status).toBe(413)
  expect(await readProblem(response)).toMatchObject({ code: 'upload-too-large' })
  expect(await control('uploads', 'list')).toEqual([])
})

it('says of a form with two files that these are too many, not too large, and keeps neither', async () => {
  const { api, control } = await ground.deploy()
  const body = form('file')
  body.append('file', new Blob(['y']), 'y')
  const response = await fetch(new URL('/uploads', api.url), { method: 'POST', body })
  expect(await readProblem(response)).toMatchObject({ status: 400, code: 'invalid-request' })
  expect(await control('uploads', 'list')).toEqual([])
})

it('reads the name that .NET and Python send for a file', async () => {
  const { api } = await ground.deploy()
  for (const name of [
    `name=file; filename="=?utf-8?B?xb5sdcWlLnR4dA==?="; filename*=utf-8''%C5%BElu%C5%A5.txt`,
    `name="file"; filename*=utf-8''%C5%BElu%C5%A5.txt`,
  ]) {
    const body = `--BB\r\nContent-Disposition: form-data; ${name}\r\n\r\nhello\r\n--BB--\r\n`
    const headers = { 'Content-Type': 'multipart/form-data; boundary=BB' }
    const response = await fetch(new URL('/uploads', api.url), { method: 'POST', headers, body })
    expect(await readUpload(response)).toMatchObject({ name: 'žluť.txt', size: 5 })
  }
})

function form(field: string): FormData {
  const data = new FormData()
  data.append(field, new Blob(['x']), 'x')
  return data
}

// Sends until so many bytes are acknowledged, then cuts the connection; resolves with the address of the upload.
async function cutOff(url: string, bytes: Buffer<ArrayBuffer>, after: number, cut?: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let current: Upload | undefined
    sendByTus(url, bytes, {
      chunkSize: 2_000_000,
      onStart: upload => {
        current = upload
      },
      onChunkComplete: (_size, accepted) => {
        if (accepted < after) return
        cut?.()
        void current?.abort().then(() => resolve(current?.url ?? ''))
      },
    }).catch(error => (cut === undefined ? reject(error) : resolve(current?.url ?? '')))
  })
}

function slowBody(bytes: Buffer<ArrayBuffer>): { stream: ReadableStream<Uint8Array>; finish: () => void } {
  const half = bytes.length / 2
  let finish = () => {}
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, half))
      finish = () => {
        controller.enqueue(bytes.subarray(half))
        controller.close()
      }
    },
  })
  return { stream, finish: () => finish() }
}
