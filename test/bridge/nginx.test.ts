import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createByTus, getUpload, sample } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { type Nginx, startDefaultNginx, startNginx } from './support/nginx.ts'
import { until } from './support/until.ts'

const tus = { 'Tus-Resumable': '1.0.0' }
const patchHeaders = { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }
const form = { 'Content-Type': 'multipart/form-data; boundary=x' }

describe.runIf(requires('the service behind nginx', ['nginx']))('behind nginx', () => {
  const ground = prepareGround()

  describe.runIf(existsSync('/etc/nginx/nginx.conf'))('as Debian configures it', () => {
    it('refusals arrive as what they are, although it sends the service a whole body before it reads', async () => {
      const limits = { storage: { maxUploadSize: '256KiB' }, auth: { required: true, maxFailures: 1000 } }
      const { api, bridgectl } = await ground.deploy({ configuration: limits })
      const { stdout } = await bridgectl('keys', 'create', 'customer', '--role', 'upload')
      const key = { Authorization: `Bearer ${stdout.trim()}` }
      const nginx = await startDefaultNginx(ground.get().folder, api.url)
      const post = (path: string, headers: object, size: number) => send(nginx.url, 'POST', path, headers, size)
      try {
        for (let count = 0; count < 5; count += 1) {
          expect(await post('/uploads', form, 1_000_000)).toEqual([401, 'unauthenticated'])
          expect(await post('/uploads', { ...form, ...key }, 1_000_000)).toEqual([413, 'upload-too-large'])
          expect(await post('/uploads', { ...key, 'Content-Type': 'text/plain' }, 1_000_000)).toEqual([
            415,
            'media-type-unsupported',
          ])
          const unknown = `/files/${'a'.repeat(32)}`
          const patch = (headers: object) =>
            send(nginx.url, 'PATCH', unknown, { ...patchHeaders, ...headers }, 1_000_000)
          expect(await patch({})).toEqual([401, 'unauthenticated'])
          expect(await patch(key)).toEqual([404, 'upload-not-found'])
          expect(await patch({ ...key, 'Content-Type': 'text/plain' })).toEqual([415, 'media-type-unsupported'])
        }
        const create = { ...tus, ...key, 'Upload-Length': '300000' }
        expect(await post('/files/', create, 0)).toEqual([413, 'upload-too-large'])
        // Its own limit of 1 MB: not the service's words, but the right status.
        expect(await post('/uploads', { ...form, ...key }, 1_100_000)).toEqual([413, undefined])
      } finally {
        await nginx.stop()
      }
    })

    it('keeps a body on its own disk until it has all of it', async () => {
      const { api, storagePath } = await ground.deploy()
      const nginx = await startDefaultNginx(ground.get().folder, api.url)
      await withHalfABody(nginx, api.url, 900_000, async id => {
        await until('nginx keeps it', async () => (await nginx.kept()).length > 0)
        expect(await sizeOf(storagePath, id)).toBe(0)
      })
    })
  })

  it('the shipped configuration passes bytes on as they arrive, and keeps none on its disk', async () => {
    const { api, storagePath } = await ground.deploy()
    const nginx = await startNginx(ground.get().folder, [api.url])
    await withHalfABody(nginx, api.url, 20_000_000, async id => {
      await until('half of it is on the volume', async () => (await sizeOf(storagePath, id)) === 10_000_000)
      expect(await nginx.kept()).toEqual([])
    })
  })

  /** Sends half of an upload, holds the rest back until `look` has looked, and sends it. */
  async function withHalfABody(nginx: Nginx, api: string, size: number, look: (id: string) => Promise<void>) {
    try {
      const { bytes, sha256 } = sample(size)
      const id = await createByTus(api, size)
      const patch = open(nginx.url, 'PATCH', `/files/${id}`, { ...patchHeaders, 'Content-Length': size })
      patch.answer.catch(() => {})
      patch.outgoing.write(bytes.subarray(0, size / 2))
      await look(id)
      patch.outgoing.end(bytes.subarray(size / 2))
      expect((await patch.answer)[0]).toBe(204)
      expect((await getUpload(api, id)).sha256).toBe(sha256)
    } finally {
      await nginx.stop()
    }
  }
})

async function sizeOf(storagePath: string, id: string): Promise<number> {
  expect(await readdir(join(storagePath, 'uploads'))).toContain(id)
  return (await stat(join(storagePath, 'uploads', id))).size
}

async function send(url: string, method: string, path: string, headers: object, size: number) {
  const { outgoing, answer } = open(url, method, path, { ...headers, 'Content-Length': size })
  outgoing.end(Buffer.alloc(size))
  return answer
}

/** Opens a request. Its answer is the status, and the code of the problem if it is one of ours. */
function open(url: string, method: string, path: string, headers: object) {
  const address = new URL(path, url)
  const request = address.protocol === 'https:' ? requestHttps : requestHttp
  const outgoing = request(address, { method, agent: false, rejectUnauthorized: false, headers: { ...headers } })
  const answer = new Promise<[number, unknown]>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', async response => {
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      const isProblem = response.headers['content-type']?.startsWith('application/problem+json')
      resolve([response.statusCode ?? 0, isProblem ? JSON.parse(text).code : undefined])
    })
  })
  return { outgoing, answer }
}
