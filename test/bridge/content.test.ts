import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startClamd } from './support/clamd.ts'
import {
  createByTus,
  headByTus,
  patchByTus,
  readProblem,
  readUpload,
  type StreamingRequest,
  sample,
  sendByForm,
  untilState,
} from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { scrape } from './support/scrape.ts'
import { makeZip } from './support/zip.ts'

const ground = prepareGround()
const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex')
const eicar = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
)
const rejected = (reason: string) => `upload_bridge_uploads_rejected_total{reason="${reason}"}`

async function sendForCode({ api }: Deployment, bytes: Buffer<ArrayBuffer>, name: string) {
  const response = await sendByForm(api.url, bytes, name)
  return response.status === 201 ? 'accepted' : (await readProblem(response)).code
}

const filesOn = ({ storagePath }: Deployment) => readdir(join(storagePath, 'uploads'))

it('refuses what is declared too large before a byte of it is on the volume, and the rest as soon as it is', async () => {
  const deployment = await ground.deploy({ configuration: { storage: { maxUploadSize: '1MiB' } } })
  const { api } = deployment
  const never = new ReadableStream<Uint8Array>({ start: controller => controller.enqueue(Buffer.alloc(1000)) })
  const declaring: StreamingRequest = {
    method: 'POST',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': '2000000',
      'Content-Type': 'application/offset+octet-stream',
    },
    body: never,
    duplex: 'half',
  }
  const declared = await fetch(new URL('/files/', api.url), declaring)
  expect(await readProblem(declared)).toMatchObject({ status: 413, code: 'upload-too-large' })
  expect(await filesOn(deployment)).toEqual([])

  const boundary = 'xx'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`
  const chunking: StreamingRequest = {
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(head))
        controller.enqueue(Buffer.alloc(3_000_000))
        controller.enqueue(Buffer.from(`\r\n--${boundary}--\r\n`))
        controller.close()
      },
    }),
    duplex: 'half',
  }
  const chunked = await fetch(new URL('/uploads', api.url), chunking)
  expect(await readProblem(chunked)).toMatchObject({ status: 413, code: 'upload-too-large' })
  expect(await filesOn(deployment)).toEqual([])
  expect(await sendForCode(deployment, sample(1024 * 1024).bytes, 'exactly.bin')).toBe('accepted')
})

it('refuses files whose bytes are not what their name says, and keeps nothing of them', async () => {
  const deployment = await ground.deploy()
  const { api } = deployment
  const code = (bytes: Buffer<ArrayBuffer>, name: string) => sendForCode(deployment, bytes, name)
  expect(await code(png, 'picture.png')).toBe('accepted')
  expect(await code(png, 'picture.PDF')).toBe('content-type-mismatch')
  expect(await code(png, 'notes.txt')).toBe('content-type-mismatch')
  expect(await code(Buffer.from('only text'), 'picture.jpg')).toBe('content-type-mismatch')
  expect(await code(Buffer.from('only text'), 'notes.txt')).toBe('accepted')
  expect(await code(png, 'no extension')).toBe('accepted')
  expect(await code(makeZip([{ name: 'word/document.xml', bytes: Buffer.from('<x/>') }]), 'letter.docx')).toBe(
    'accepted',
  )

  const id = await createByTus(api.url, png.length, 'invoice.pdf')
  const refused = await patchByTus(api.url, id, 0, png)
  expect(await readProblem(refused)).toMatchObject({ status: 415, code: 'content-type-mismatch' })
  expect((await headByTus(api.url, id)).status).toBe(404)
  expect((await filesOn(deployment)).filter(name => name.startsWith(id) || name.endsWith('.json'))).toEqual([])
  expect((await scrape(api.url)).get(rejected('content'))).toBe(4)
})

it('refuses archives that are bombs, climb out of their folder, or cannot be read', async () => {
  const archive = { entries: 10, uncompressed: '50MiB', ratio: 100 }
  const deployment = await ground.deploy({ configuration: { limits: { archive } } })
  const small = (name: string) => ({ name, bytes: Buffer.from(name) })
  const code = (bytes: Buffer<ArrayBuffer>) => sendForCode(deployment, bytes, 'a.zip')
  expect(await code(makeZip([small('a/b.txt'), small('c..d')]))).toBe('accepted')
  expect(await code(makeZip(Array.from({ length: 11 }, (_each, index) => small(`${index}`))))).toBe('archive-refused')
  expect(await code(makeZip([small('../../etc/passwd')]))).toBe('archive-refused')
  expect(await code(makeZip([small('/etc/passwd')]))).toBe('archive-refused')
  expect(await code(makeZip([{ name: 'zeros', bytes: Buffer.alloc(5_000_000) }]))).toBe('archive-refused')
  const whole = makeZip([small('a')])
  expect(await code(Buffer.from(whole.subarray(0, whole.length - 10)))).toBe('archive-refused')
  expect((await scrape(deployment.api.url)).get(rejected('archive'))).toBe(5)

  const small64 = Buffer.concat([
    Buffer.from('MZ'),
    Buffer.alloc(100),
    makeZip([{ name: 'zeros', bytes: Buffer.alloc(20_000_000) }]),
  ])
  const refused = await readProblem(await sendByForm(deployment.api.url, small64, 'setup.bin'))
  expect(refused).toMatchObject({
    status: 422,
    code: 'archive-refused',
    detail: 'it unpacks to more than 100 times its size',
  })
  const id = await createByTus(deployment.api.url, small64.length, 'setup.bin')
  expect(await readProblem(await patchByTus(deployment.api.url, id, 0, small64))).toMatchObject({ status: 422 })
  expect(await filesOn(deployment)).toHaveLength(1)
})

it('refuses an archive that takes longer to unpack than it may', async () => {
  const deployment = await ground.deploy({ configuration: { limits: { archive: { time: '1ms' } } } })
  const sent = await sendByForm(deployment.api.url, makeZip([{ name: 'a', bytes: Buffer.from('a') }]), 'a.zip')
  expect(await readProblem(sent)).toMatchObject({
    code: 'archive-refused',
    detail: expect.stringMatching(/takes longer/),
  })
})

it('refuses the EICAR test file without a scanner, and asks the scanner where there is one', async () => {
  const without = await ground.deploy()
  expect(await sendForCode(without, eicar, 'report.txt')).toBe('malware-found')
  expect((await scrape(without.api.url)).get(rejected('malware'))).toBe(1)
  expect(await filesOn(without)).toEqual([])

  const clamd = await startClamd('bad word')
  const scanning = await ground.deploy({ configuration: { scan: { address: clamd.address, timeout: '5s' } } })
  const { bytes } = sample(1_000_000)
  expect(await sendForCode(scanning, bytes, 'a.bin')).toBe('accepted')
  expect(clamd.scanned.at(-1)?.equals(bytes)).toBe(true)
  expect(await sendForCode(scanning, Buffer.from('a bad word'), 'a.txt')).toBe('malware-found')
  await clamd.stop()
  const id = await createByTus(scanning.api.url, 5)
  expect(await readProblem(await patchByTus(scanning.api.url, id, 0, Buffer.from('12345')))).toMatchObject({
    status: 503,
    code: 'scanner-unavailable',
  })
  const ready = await fetch(new URL('/readyz', scanning.api.url))
  expect(await ready.json()).toMatchObject({ checks: { scanner: [{ status: 'warn' }] } })
})

it('stores hostile names under ids of its own, and gives the bytes back only to be saved', async () => {
  const deployment = await ground.deploy()
  const { api, sink, databaseUrl } = deployment
  const names = [
    '../../etc/passwd',
    '..',
    'a\u0000b.txt',
    'report.pdf.exe.txt',
    "'); drop table upload_bridge.uploads; --",
    '<script>alert(1)</script>',
    'gnp\u202e.txt',
    'x"; filename="y.html\r\nSet-Cookie: a=b',
  ]
  for (const name of names) {
    const { bytes } = sample(100)
    const id = await createByTus(api.url, 100, name)
    expect((await patchByTus(api.url, id, 0, bytes)).status).toBe(204)
    await untilState(api.url, id, 'delivered')
    const stored = sink.arrivalOf(id)?.name ?? ''
    expect([stored, /[/\\\p{Cc}\u202e]/u.test(stored) || stored === '..']).toEqual([stored, false])

    const described = await fetch(new URL(`/uploads/${id}`, api.url))
    expect(described.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect((await readUpload(described)).name).toBe(stored)
    const content = await fetch(new URL(`/uploads/${id}/content`, api.url))
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true)
    expect(content.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="[^"\r\n]+"; filename\*=UTF-8''[^"\s]+$/,
    )
    expect(content.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(content.headers.get('Set-Cookie')).toBeNull()
  }
  expect((await filesOn(deployment)).filter(name => !/^[\da-f]{32}(\.\w+)*$/.test(name))).toEqual([])
  const rows = await ground.get().postgres.query(databaseUrl, 'select name from upload_bridge.uploads')
  expect(rows).toHaveLength(names.length)
})

it('does not send bytes again to who has them already', async () => {
  const { api } = await ground.deploy()
  const { bytes, sha256 } = sample(1000)
  const { id } = await readUpload(await sendByForm(api.url, bytes))
  const get = (headers = {}) => fetch(new URL(`/uploads/${id}/content`, api.url), { headers })
  expect((await get()).headers.get('ETag')).toBe(`"${sha256}"`)
  for (const tags of [`"${sha256}"`, `W/"${sha256}"`, `"other", "${sha256}"`, '*']) {
    const again = await get({ 'If-None-Match': tags })
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0])
  }
  const changed = await get({ 'If-None-Match': '"other"' })
  expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 1000])
})
