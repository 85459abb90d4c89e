import { once } from 'node:events'
import { copyFile, readdir, stat } from 'node:fs/promises'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { createByTus, readProblem, sample, sendByForm } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('sends security headers with every answer, and tells nobody its version unless told to', async () => {
  const { api, worker } = await ground.deploy({ configuration: { api: { showVersion: false } } })
  const created = await sendByForm(api.url, sample(10).bytes)
  const answers = [
    created,
    await fetch(new URL('/nowhere', api.url)),
    await fetch(new URL('/livez', api.url)),
    await fetch(new URL('/metrics', api.url)),
    await fetch(new URL('/files/', api.url), { method: 'OPTIONS' }),
    await fetch(new URL('/livez', worker.url)),
  ]
  for (const { url, headers } of answers) {
    expect([url, Object.fromEntries(headers)]).toMatchObject([
      url,
      {
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
    ])
    const telling = ['server', 'x-powered-by', 'x-upload-bridge-version', 'strict-transport-security']
    expect(telling.filter(name => headers.has(name))).toEqual([])
  }
  expect(await (await fetch(new URL('/livez', api.url))).json()).toEqual({ status: 'pass', checks: {} })
})

it('answers TRACE with 405, and what is no HTTP with a problem', async () => {
  const { api } = await ground.deploy()
  const { hostname, port } = new URL(api.url)
  const say = async (words: string) => {
    const socket = connectPlain(Number(port), hostname)
    socket.write(words)
    return text(socket)
  }
  const traced = await say('TRACE /livez HTTP/1.1\r\nHost: x\r\nX-Secret: planted\r\nConnection: close\r\n\r\n')
  expect(traced).toMatch(/^HTTP\/1\.1 405 /)
  expect(traced).not.toContain('planted')
  const nonsense = await say('NONSENSE\r\n\r\n')
  expect(nonsense).toMatch(/^HTTP\/1\.1 400 /)
  expect(nonsense).toContain('X-Content-Type-Options: nosniff')
})

it('answers an address that cannot be decoded as any other mistake, with the security headers', async () => {
  const { api } = await ground.deploy({ configuration: { api: { hsts: true } } })
  const answer = await fetch(new URL('/uploads/%E0%A4%A', api.url), { headers: { 'X-Request-Id': 'half' } })
  expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(answer.headers.get('Strict-Transport-Security')).toMatch(/^max-age=/)
  expect(answer.headers.get('X-Request-Id')).toBe('half')
  expect(await readProblem(answer)).toMatchObject({ status: 400, code: 'invalid-request' })
})

it('answers forms that are none, or end too early, as mistakes of their sender, and keeps nothing of them', async () => {
  const { api, storagePath } = await ground.deploy()
  const part = 'Content-Disposition: form-data; name="file"; filename="a"'
  const forms: readonly (readonly [string, string])[] = [
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=', 'x'],
    ['multipart/form-data; boundary=xx', 'no part at all'],
    ['multipart/form-data; boundary=xx', `--xx\r\n${part}\r\n\r\nno end`],
    ['multipart/form-data; boundary=xx', '--xx\r\nno header\r\n\r\nabc\r\n--xx--\r\n'],
  ]
  for (const [type, body] of forms) {
    const answer = await fetch(new URL('/uploads', api.url), {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    })
    expect([body, (await readProblem(answer)).status]).toEqual([body, 400])
  }
  expect(await readdir(join(storagePath, 'uploads'))).toEqual([])
})

it('lets nobody else on the machine read what customers sent', async () => {
  const { api, storagePath } = await ground.deploy()
  const id = await createByTus(api.url, 10)
  for (const name of [id, `${id}.json`]) {
    expect((await stat(join(storagePath, 'uploads', name))).mode & 0o777).toBe(0o640)
  }
})

it('speaks TLS 1.2 and newer, and takes a new certificate on SIGHUP without closing connections', async () => {
  const { folder } = ground.get()
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await makeCertificate(folder, 'first')
  await makeCertificate(folder, 'second')
  const use = async (name: string) => {
    await copyFile(join(folder, `${name}-cert.pem`), certFile)
    await copyFile(join(folder, `${name}-key.pem`), keyFile)
  }
  await use('first')
  const { api } = await ground.deploy({ configuration: { api: { tls: { certFile, keyFile } } } })
  const { hostname, port, protocol } = new URL(api.url)
  expect(protocol).toBe('https:')
  const open = async (options: object = {}) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options })
    await once(socket, 'secureConnect')
    return socket
  }
  const before = await open()
  expect(before.getPeerCertificate().subject.CN).toBe('first')
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }
  await expect(open(old)).rejects.toThrow()
  ;(await open({ maxVersion: 'TLSv1.2' })).destroy()

  await use('second')
  api.signal('SIGHUP')
  await until('the new certificate is shown', async () => {
    const socket = await open()
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return CN === 'second'
  })
  before.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const answer = await text(before)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toMatch(/strict-transport-security: max-age=31536000/i)

  await copyFile(join(folder, 'first-key.pem'), keyFile)
  api.signal('SIGHUP')
  await until('the wrong pair is refused', () =>
    api.log.some(line => JSON.stringify(line.problems ?? '').includes('api.tls')),
  )
  expect((await open()).getPeerCertificate().subject.CN).toBe('second')
  expect(await statusOf(api.url)).toBe(200)
})

async function makeCertificate(folder: string, name: string): Promise<void> {
  const files = ['-keyout', join(folder, `${name}-key.pem`), '-out', join(folder, `${name}-cert.pem`)]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  await execa('openssl', ['req', ...kind, '-subj', `/CN=${name}`, ...files])
}

async function statusOf(url: string): Promise<number | undefined> {
  const asked = request(new URL('/livez', url), { rejectUnauthorized: false }).end()
  const [response] = await once(asked, 'response')
  response.resume()
  return response.statusCode
}
