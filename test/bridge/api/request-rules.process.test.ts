import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createByTus, headByTus, sample, sendByForm, untilState } from '../support/clients.ts'
import { prepareGround } from '../support/ground.ts'
import { until } from '../support/until.ts'

const ground = prepareGround()

/** Says to a service what is given, byte by byte, and gives its answer's status, headers and code. */
async function say(url: string, head: readonly string[], body: Buffer | string = '') {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  socket.write(body)
  const [first = '', ...rest] = (await text(socket)).split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d+) /.exec(first)?.[1])
  const said = rest.join('')
  const json = /\{.*\}/s.exec(said)?.[0]
  return { status, head: first, code: json === undefined ? undefined : JSON.parse(json).code, body: said }
}

const formOf = (headers: string, bytes: Buffer | string) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n${headers}\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n--b--\r\n'),
  ])

it('refuses a body in a coding, for what would be kept is not what was meant', async () => {
  const { api, control } = await ground.deploy()
  const zipped = gzipSync(formOf('', 'hello'))
  const form = 'Content-Type: multipart/form-data; boundary=b'
  const post = (headers: readonly string[], bytes: Buffer) =>
    say(api.url, ['POST /uploads HTTP/1.1', 'Host: x', `Content-Length: ${bytes.length}`, ...headers], bytes)
  const coded = await post([form, 'Content-Encoding: GZip'], zipped)
  expect(coded).toMatchObject({ status: 415, code: 'media-type-unsupported' })
  expect(coded.head).toMatch(/^Accept-Encoding: identity$/im)
  for (const encoding of ['base64', 'Quoted-Printable', 'x-own']) {
    const part = await post([form], formOf(`Content-Transfer-Encoding: ${encoding}\r\n`, 'aGVsbG8='))
    expect([encoding, part.status, part.code]).toEqual([encoding, 415, 'media-type-unsupported'])
  }
  const id = await createByTus(api.url, 5)
  const patch = ['Tus-Resumable: 1.0.0', 'Upload-Offset: 0', 'Content-Type: application/offset+octet-stream']
  const tus = await say(
    api.url,
    [`PATCH /files/${id} HTTP/1.1`, 'Host: x', 'Content-Length: 5', 'Content-Encoding: br', ...patch],
    'hello',
  )
  expect(tus).toMatchObject({ status: 415, code: 'media-type-unsupported' })
  const transfer = await say(
    api.url,
    [`PATCH /files/${id} HTTP/1.1`, 'Host: x', 'Transfer-Encoding: gzip, chunked', ...patch],
    '5\r\nhello\r\n0\r\n\r\n',
  )
  expect(transfer).toMatchObject({ status: 501, code: 'not-implemented' })
  expect(await control('uploads', 'list')).toMatchObject([{ id, state: 'partial' }])

  const plain = await post(
    [form, 'Content-Encoding: identity'],
    formOf('Content-Transfer-Encoding: Binary\r\n', 'hello'),
  )
  expect(plain.status).toBe(201)
})

it('takes a media type however it is written', async () => {
  const { api } = await ground.deploy()
  const bytes = formOf('', 'hello')
  const head = ['POST /uploads HTTP/1.1', 'Host: x', `Content-Length: ${bytes.length}`]
  expect(await say(api.url, [...head, 'Content-Type: Multipart/Form-Data; boundary=b'], bytes)).toMatchObject({
    status: 201,
  })
})

it('answers a request without a host with a problem, and does without an expectation that it does not know', async () => {
  const { api } = await ground.deploy()
  expect(await say(api.url, ['GET /livez HTTP/1.1'])).toMatchObject({ status: 400, code: 'invalid-request' })
  const bytes = formOf('', 'hello')
  const answer = await say(
    api.url,
    [
      ...['POST /uploads HTTP/1.1', 'Host: x', 'Expect: something'],
      ...[`Content-Length: ${bytes.length}`, 'Content-Type: multipart/form-data; boundary=b'],
    ],
    bytes,
  )
  expect(answer.status).toBe(201)
})

it('says which methods an address takes when it is asked by another', async () => {
  const { api } = await ground.deploy()
  const { id } = await (await sendByForm(api.url, sample(10).bytes)).json()
  const asked: readonly (readonly [string, string, number, string | null])[] = [
    ['DELETE', `/uploads/${id}`, 405, 'GET, HEAD'],
    ['PUT', '/uploads', 405, 'POST'],
    ['GET', '/files', 405, 'OPTIONS, POST'],
    ['POST', '/livez?x=1', 405, 'GET, HEAD'],
    ['POST', '/nowhere', 404, null],
    ['PUT', '/nowhere', 405, ''],
  ]
  for (const [method, path, status, allow] of asked) {
    const answer = await fetch(new URL(path, api.url), { method })
    expect([method, path, answer.status, answer.headers.get('Allow')]).toEqual([method, path, status, allow])
  }
})

it('keeps nothing of a creation whose client disappears before it was told an address', async () => {
  const { api, control } = await ground.deploy()
  const { hostname, port } = new URL(api.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const head = ['POST /files/ HTTP/1.1', 'Host: x', 'Tus-Resumable: 1.0.0', 'Upload-Length: 60000000']
  const body = ['Content-Type: application/offset+octet-stream', 'Content-Length: 60000000', '', 'abc']
  socket.write([...head, ...body].join('\r\n'))
  const countUploads = async () => Object.keys(Object(await control('uploads', 'list'))).length
  await until('it is there', async () => (await countUploads()) === 1)
  socket.destroy()
  await until('it is gone', async () => (await countUploads()) === 0)
})

it('says of a form in which nobody chose a file that the file is missing, and takes an empty file that has a name', async () => {
  const { api, control } = await ground.deploy()
  const send = (name: string) => {
    const part = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n`
    const body = `${part}Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n`
    const head = ['POST /uploads HTTP/1.1', 'Host: x', 'Content-Type: multipart/form-data; boundary=b']
    return say(api.url, [...head, `Content-Length: ${body.length}`], body)
  }
  expect(await send('')).toMatchObject({ status: 400, code: 'file-missing' })
  expect(await control('uploads', 'list')).toEqual([])
  expect(await send('empty.bin')).toMatchObject({ status: 201 })
})

it('takes metadata in several headers, and a name that is Latin-1', async () => {
  const { api } = await ground.deploy()
  const latin = Buffer.from('\u00f3.bin', 'latin1').toString('base64')
  const head = ['POST /files/ HTTP/1.1', 'Host: x', 'Tus-Resumable: 1.0.0', 'Upload-Length: 0']
  const metadata = [`Upload-Metadata: customer NDI=`, `Upload-Metadata: filename ${latin}`]
  const created = await say(api.url, [...head, ...metadata])
  expect(created.status).toBe(201)
  const id = /^Location: .*\/([\da-f]+)\r?$/im.exec(created.head)?.[1] ?? ''
  await untilState(api.url, id, 'delivered')
  expect(await (await fetch(new URL(`/uploads/${id}`, api.url))).json()).toMatchObject({ name: 'ó.bin' })
})

it('reads a target that names the whole address', async () => {
  const { api } = await ground.deploy()
  const id = await createByTus(api.url, 5)
  const head = [`POST http://x/files/${id}?a=b HTTP/1.1`, 'Host: x', 'Content-Length: 5', 'Tus-Resumable: 1.0.0']
  const patch = ['X-HTTP-Method-Override: PATCH', 'Upload-Offset: 0', 'Content-Type: application/offset+octet-stream']
  expect(await say(api.url, [...head, ...patch], 'hello')).toMatchObject({ status: 204 })
  expect((await headByTus(api.url, id)).headers.get('upload-offset')).toBe('5')
})

it('gives the answer that it owes before it refuses what follows on the connection', async () => {
  const { api } = await ground.deploy()
  const { hostname, port } = new URL(api.url)
  const bytes = formOf('', 'hello')
  const socket = connect(Number(port), hostname)
  const head = ['POST /uploads HTTP/1.1', 'Host: x', 'Content-Type: multipart/form-data; boundary=b']
  socket.write(`${[...head, `Content-Length: ${bytes.length}`].join('\r\n')}\r\n\r\n`)
  socket.write(Buffer.concat([bytes, Buffer.from('\0\0xx')]))
  const said = await text(socket)
  expect(said).toMatch(/^HTTP\/1\.1 201 .*HTTP\/1\.1 400 /s)
})

it('refuses CONNECT with a problem', async () => {
  const { api } = await ground.deploy()
  expect(await say(api.url, ['CONNECT x:443 HTTP/1.1', 'Host: x'])).toMatchObject({
    status: 405,
    code: 'method-not-allowed',
  })
})
