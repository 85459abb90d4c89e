import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import { replaceAll, startNginxWith } from '../bridge/support/nginx.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, send, YAML } from './live-handbook.ts'

const PAGE = readFileSync('docs/live.md', 'utf8')
const SITE = /```nginx title="[^"]*handbook.conf"\n(.*?)```/s.exec(PAGE)?.[1] ?? ''
const PROXY = /```yaml static\n(serve:\n {2}proxy:\n.*?)```/s.exec(PAGE)?.[1] ?? ''

/** Answers as oauth2-proxy does with `--set-xauthrequest`: who is signed in stands in headers of its own. */
const PEOPLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'session=ana': { 'x-auth-request-email': 'ana@example.com', 'x-auth-request-groups': 'staff,sre' },
  'session=ben': { 'x-auth-request-email': 'ben@example.com', 'x-auth-request-groups': 'staff' },
}

/** The guide's nginx before a server of the guide's settings, with something that signs people in. Only addresses differ. */
async function setUp() {
  const handbook = await createLiveHandbook(`${YAML}${replaceAll(PROXY, [['10.0.0.5', '127.0.0.1']])}`)
  const signsIn = createServer(({ url, headers }, response) => {
    const known = PEOPLE[headers.cookie ?? '']
    if (url === '/oauth2/auth') response.writeHead(known ? 202 : 401, known ?? {}).end()
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(`sign in here, then ${url}`)
  }).listen(0, '127.0.0.1')
  await once(signsIn, 'listening')
  const address = signsIn.address()
  const port = typeof address === 'object' ? address?.port : 0
  const { link, origin } = await handbook.serve(['--env', 'staging', '--public-url', 'https://handbook.example'])
  const nginx = await startNginxWith(handbook.root, ({ listens, certificate, key }) =>
    replaceAll(SITE, [
      ['listen 443 ssl;', `listen ${listens} ssl;`],
      ['/etc/nginx/handbook.pem', certificate],
      ['/etc/nginx/handbook.key', key],
      ['10.0.0.6:3000', new URL(origin).host],
      ['127.0.0.1:4180', `127.0.0.1:${port}`],
    ]),
  )
  onTestFinished(async () => {
    await nginx.stop()
    signsIn.close()
  })
  const ask = (path: string, headers: Record<string, string> = {}, body?: object) =>
    askByTls(nginx.url, path, { host: 'handbook.example', ...headers }, body)
  return { handbook, link, origin, ask }
}

describe.runIf(requires('a proxy that signs people in', ['nginx']))('nginx, as the guide shows it', () => {
  test('hands on who is signed in, with their role, and nothing that a browser claims', async () => {
    const { ask, handbook } = await setUp()
    const session = async (headers: Record<string, string>) => JSON.parse((await ask('/api/session', headers)).text)
    expect(await session({ cookie: 'session=ana' })).toMatchObject({ person: 'ana@example.com', role: 'responder' })
    expect(await session({ cookie: 'session=ben' })).toMatchObject({ person: 'ben@example.com', role: 'reader' })
    const forged = { 'x-forwarded-user': 'eve', 'x-forwarded-groups': 'sre-leads' }
    expect(await session({ cookie: 'session=ben', ...forged })).toMatchObject({
      person: 'ben@example.com',
      role: 'reader',
    })
    // Nobody who is not signed in gets as far as the server.
    expect((await ask('/api/session', forged)).status).toBe(401)
    const away = await ask('/runbooks/mend?alert=ThingFull')
    expect(away).toMatchObject({
      status: 302,
      headers: { location: expect.stringContaining('/oauth2/start?rd=/runbooks/mend') },
    })
    expect((await ask('/oauth2/start')).text).toContain('sign in here')
    expect((await ask('/oauth2/auth', { cookie: 'session=ana' })).status).toBe(404)
    for (const path of ['/api/alerts', '/api/notes', '/metrics', '/enter/x'])
      expect((await ask(path, { cookie: 'session=ana' })).status, path).toBe(404)
    expect((await ask('/', { cookie: 'session=ben' })).text).toContain('The handbook')

    const own = { cookie: 'session=ana', origin: 'https://handbook.example', 'sec-fetch-site': 'same-origin' }
    const begin = {
      key: 'key-of-ana',
      page: 'wait',
      contentHash: handbook.hashOf('wait'),
      environment: 'staging',
      params: { who: 'x' },
    }
    expect((await ask('/api/runs', { ...own, cookie: 'session=ben' }, begin)).status).toBe(403)
    expect((await ask('/api/runs', { ...own, origin: 'https://evil.example' }, begin)).status).toBe(403)
    const begun = await ask('/api/runs', own, begin)
    expect(begun.status, begun.text).toBe(201)
    const { run } = JSON.parse(begun.text)
    // The stream goes on through the proxy while the run does.
    const stream = ask(`/api/runs/${run}/events`, { cookie: 'session=ben' })
    handbook.write('go', '')
    expect((await stream).text).toMatch(/"type":"run.claimed".*"person":"ana@example.com".*"ended":true/s)
  }, 90_000)

  test('is not needed by who comes by a link, each with the role of their invitation', async () => {
    const { handbook, link, origin } = await setUp()
    const session = async (link: string) => {
      // It leads past the proxy, where a browser takes no cookie that is for TLS alone.
      expect(new URL(link).origin).toBe(origin)
      const entered = await send(origin, new URL(link).pathname)
      expect(entered.status).toBe(303)
      expect(entered.headers['set-cookie']?.[0]).not.toMatch(/Secure|__Host/)
      const cookie = entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
      return JSON.parse((await send(origin, '/api/session', { headers: { cookie } })).text)
    }
    expect(await session(link)).toMatchObject({ role: 'responder' })
    for (const role of ['reader', 'responder', 'approver']) {
      const { stdout } = await handbook.run('serve', '--invite', role, '--as', 'carla')
      expect(await session(/http\S+/.exec(stdout)?.[0] ?? '')).toMatchObject({ person: 'carla', role })
    }
  }, 90_000)
})

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

function askByTls(url: string, path: string, headers: Record<string, string>, body?: object): Promise<Answered> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...json, ...headers }, rejectUnauthorized: false, agent: false }
    const asked = request(`${url}${path}`, options, async response => {
      let text = ''
      for await (const piece of response.setEncoding('utf8')) text += piece
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
