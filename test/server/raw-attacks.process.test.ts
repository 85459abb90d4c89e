import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import type { Now, RunCard } from '../../src/wire/index.ts'
import { createLiveHandbook, enter, eventsOf, send, typesOf } from './live-handbook.ts'

const TOKEN = 'a-token-of-the-webhook'

/** A server, and somebody who is let in. */
async function setUp() {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve(['--webhook-token-file', handbook.write('token', TOKEN)])
  const browser = await enter(link)
  const { hostname, port, host } = new URL(origin)
  /** Sends these bytes as they are; gives the head and the beginning of what is answered, or nothing when the connection is cut. */
  const knock = (...parts: readonly string[]): Promise<string> =>
    new Promise(resolve => {
      const socket = createConnection(Number(port), hostname)
      let text = ''
      const end = () => {
        socket.destroy()
        resolve(text)
      }
      socket.setEncoding('utf8').on('data', piece => {
        text += piece
        if (text.includes('\r\n\r\n')) end()
      })
      socket.on('close', end).on('error', end)
      for (const part of parts) socket.write(part)
    })
  const statusOf = async (...parts: readonly string[]) => Number(/^HTTP\/1\.\d (\d+)/.exec(await knock(...parts))?.[1])
  const list = async () => (await browser.read<{ runs: RunCard[] }>('/api/runs?environment=staging')).runs
  return { handbook, origin, browser, host, port, cookie: `Cookie: ${browser.cookie}\r\n`, knock, statusOf, list }
}

test('only its own names lead to it, however a Host is spelt', async () => {
  const { statusOf, cookie, host, port } = await setUp()
  const ask = (head: string, version = '1.1') => statusOf(`GET /api/session HTTP/${version}\r\n${head}${cookie}\r\n`)
  for (const name of [host, `localhost:${port}`, `[::1]:${port}`])
    expect(await ask(`Host: ${name}\r\n`), name).toBe(200)
  for (const name of [
    '127.0.0.1',
    `127.0.0.1:${Number(port) + 1}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `localhost.:${port}`,
    `localhost:${port}.evil.example`,
    `localhost:${port}@evil.example`,
    `[::ffff:127.0.0.1]:${port}`,
    `[0:0:0:0:0:0:0:1]:${port}`,
    '',
  ])
    expect(await ask(`Host: ${name}\r\n`), name).toBe(421)
  // A name in capitals is the same name to a browser, which sends it in small letters.
  expect(await ask(`Host: LOCALHOST:${port}\r\n`)).toBe(421)
  expect(await ask('')).toBe(400)
  expect(await ask('', '1.0')).toBe(421)
  expect(await ask(`Host: ${host}\r\n`, '1.0')).toBe(200)
  for (const names of [
    [host, 'evil.example'],
    ['evil.example', host],
    [host, host],
  ])
    expect(await ask(names.map(name => `Host: ${name}\r\n`).join('')), String(names)).toBe(400)
  // What a proxy may say of another name counts for nothing.
  const forwarded = `X-Forwarded-Host: ${host}\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: host=${host}\r\n`
  expect(await ask(`Host: evil.example\r\n${forwarded}`)).toBe(421)
}, 60_000)

test('no spelling of a path or of a method is a way round the question who asks', async () => {
  const { statusOf, knock, cookie, host, origin } = await setUp()
  const foreign = `Host: ${host}\r\n${cookie}Sec-Fetch-Site: same-site\r\n`
  const own = `Host: ${host}\r\n${cookie}Origin: ${origin}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n`
  for (const path of [
    '/api/session',
    '/%61pi/session',
    '/ap%69/session',
    '/api%2fsession',
    '//api/session',
    '/./api/session',
    '/x/../api/session',
    '/API/session',
    '/api/session/',
    '/api/session;x',
    `http://${host}/api/session`,
    'http://evil.example/api/session',
    '/%61pi/now/events?environment=staging',
  ]) {
    const answer = await knock(`GET ${path} HTTP/1.1\r\n${foreign}\r\n`)
    expect(answer, path).toMatch(/^HTTP\/1\.1 (403|404|400) /)
    expect(answer, path).not.toMatch(/"person"|text\/event-stream/)
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    for (const path of ['/api/runs', '/api/session', '/'])
      expect(await statusOf(`${method} ${path} HTTP/1.1\r\n${own}\r\n{}`), `${method} ${path}`).toBe(404)
  for (const method of ['TRACE', 'CONNECT', 'GIT'])
    expect(await knock(`${method} / HTTP/1.1\r\n${own}\r\n{}`), method).not.toMatch(/^HTTP\/1\.1 2/)
  const preflight = `Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n`
  const asked = await knock(`OPTIONS /api/runs HTTP/1.1\r\nHost: ${host}\r\n${preflight}\r\n`)
  expect(asked).toMatch(/^HTTP\/1\.1 403 /)
  expect(asked.toLowerCase()).not.toContain('access-control-allow')
  // It speaks no WebSocket, for which no browser asks whose page it is.
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n'
  expect(await statusOf(`GET /api/now/events HTTP/1.1\r\n${foreign}${upgrade}\r\n`)).toBe(403)
  expect([200, 302, 400]).toContain(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}\r\n${upgrade}\r\n`))
  // A GET that says that it means a POST is a GET.
  expect(await statusOf(`GET /api/session HTTP/1.1\r\n${own}X-HTTP-Method-Override: POST\r\n\r\n{}`)).toBe(200)
}, 60_000)

test('a header that comes twice opens nothing', async () => {
  const { statusOf, browser, host, origin, list } = await setUp()
  const [name, value] = browser.cookie.split('=', 2)
  const post = (head: string, body = '{}') =>
    statusOf(
      `POST /api/runs HTTP/1.1\r\nHost: ${host}\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
  const own = `Cookie: ${name}=${value}\r\n`
  expect(await post(`${own}Origin: ${origin}\r\n`)).toBe(422)
  expect(await post(`${own}Origin: ${origin}\r\nOrigin: http://evil.example\r\n`)).toBe(403)
  expect(await post(`${own}Origin: http://evil.example\r\nOrigin: ${origin}\r\n`)).toBe(403)
  expect(await post(`${own}Origin: null\r\n`)).toBe(403)
  expect(await post(`${own}Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n`)).toBe(403)
  // Of two cookies of a name the first counts, so that one that another program of this machine set is no way in.
  expect(await post(`Cookie: ${name}=x; ${name}=${value}\r\nOrigin: ${origin}\r\n`)).toBe(401)
  expect(await post(`Cookie: ${name}x=${value}; x${name}=${value}\r\nOrigin: ${origin}\r\n`)).toBe(401)
  expect(await post(`Cookie: ${name}="${value}"\r\nOrigin: ${origin}\r\n`)).toBe(401)
  const lengths = 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'
  for (const head of [
    'Content-Length: 2\r\nContent-Length: 3\r\n',
    lengths,
    'Transfer-Encoding: chunked, identity\r\n',
  ])
    expect(
      await statusOf(
        `POST /api/runs HTTP/1.1\r\nHost: ${host}\r\n${own}Origin: ${origin}\r\nContent-Type: application/json\r\n${head}\r\n2\r\n{}\r\n0\r\n\r\n`,
      ),
      head,
    ).toBe(400)
  expect(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toBe(431)
  expect(await list()).toEqual([])
}, 60_000)

test('only JSON of a bounded length is read, in pieces or whole', async () => {
  const { knock, statusOf, browser, host, origin, handbook, list } = await setUp()
  const head = `POST /api/runs HTTP/1.1\r\nHost: ${host}\r\nCookie: ${browser.cookie}\r\nOrigin: ${origin}\r\n`
  const body = JSON.stringify({
    key: 'key-of-an-attack',
    page: 'wait',
    contentHash: handbook.hashOf('wait'),
    environment: 'staging',
    params: { who: 'x' },
  })
  for (const type of [
    'text/plain',
    'text/plain; application/json',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json, text/plain',
    '*/*',
    '',
  ]) {
    const given = type === '' ? '' : `Content-Type: ${type}\r\n`
    expect([400, 415], type).toContain(await statusOf(`${head}${given}Content-Length: ${body.length}\r\n\r\n${body}`))
  }
  const json = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
  const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`
  expect(await statusOf(`${head}${json}`, ...Array.from({ length: 20 }, () => chunk))).toBe(413)
  const deep = '['.repeat(60_000)
  expect(await statusOf(`${head}Content-Type: application/json\r\nContent-Length: ${deep.length}\r\n\r\n${deep}`)).toBe(
    400,
  )
  const length = (text: string) =>
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  for (const text of ['null', '[]', '"x"', '1e999', '{"key":1}', '{"__proto__":{"key":"key-of-an-attack"}}'])
    expect(await statusOf(`${head}${length(text)}`), text).toBe(422)
  for (const text of ['', '{', '{}{}', '\u0000'])
    expect(await statusOf(`${head}${length(text)}`), JSON.stringify(text)).toBe(400)
  for (const change of [{ person: 'eve' }, { as: 'eve' }, { code: 'true' }, { by: { user: 'eve' } }])
    expect((await browser.begin('wait', handbook.hashOf('wait'), change)).status, JSON.stringify(change)).toBe(422)
  // A body that never ends is cut, with an answer or without one.
  expect(await knock(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`)).toMatch(
    /^(HTTP\/1\.1 4\d\d |$)/,
  )
  expect(await list()).toEqual([])
}, 90_000)

test('neither an id in a path nor a query leads elsewhere', async () => {
  const { browser, handbook } = await setUp()
  const begun = await browser.begin('mend', handbook.hashOf('mend'))
  const { run } = JSON.parse(begun.text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('step.evidence')
  expect((await browser.get(`/api/runs/${run}/evidence/look/page.html`)).status).toBe(200)
  for (const id of [
    '..',
    '%2e%2e',
    '..%2f..',
    `${run}%2f..%2f${run}`,
    `${run}%00`,
    '.',
    'CON',
    '__proto__',
    'x'.repeat(400),
  ])
    for (const rest of ['', '/events', '/approval', '/evidence/look/page.html'])
      expect([400, 404, 414], `${id}${rest}`).toContain((await browser.get(`/api/runs/${id}${rest}`)).status)
  for (const file of [
    'look/..%2fledger.ndjson',
    '..%2f..%2f/ledger.ndjson',
    'look/ledger.ndjson',
    '__proto__/page.html',
    'look/page.html%00',
  ])
    expect((await browser.get(`/api/runs/${run}/evidence/${file}`)).status, file).toBe(404)
  for (const query of [
    'environment=elsewhere',
    'environment=staging&environment=production',
    'environment[]=staging',
    'environment[name]=staging',
    'environment=__proto__',
    'environment=staging%00',
    '__proto__[environment]=staging',
  ])
    for (const path of ['/api/now', '/api/runs', '/api/plots'])
      expect([404, 422], `${path}?${query}`).toContain((await browser.get(`${path}?${query}&alert=ThingFull`)).status)
  for (const alert of ['up}%20or%20vector(1)', '..%2fx', '', 'x'.repeat(300)])
    expect((await browser.get(`/api/plots?environment=staging&alert=${alert}`)).status, alert).toBe(422)
  for (const question of ['../../handbook', '1/../1', '__proto__', '-1', '1e0'])
    expect(
      JSON.parse((await browser.press(`/api/runs/${run}/answers`, { key: 'key-00001', question, choice: 'run' })).text),
      question,
    ).toMatchObject({ result: 'unknown' })
  stream.stop()
}, 90_000)

test('a stream that is asked for with a forged place begins at one that there is', async () => {
  const { browser, handbook, origin } = await setUp()
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  handbook.write('go', '')
  const whole = await browser.stream(`/api/runs/${run}/events`)
  await whole.over
  const events = eventsOf(whole).length
  for (const last of ['-5', 'abc', '1.5', '1e999', 'NaN', '', '1, 2', '\u00e9', `${events},`]) {
    const { text } = await send(origin, `/api/runs/${run}/events`, {
      headers: { ...browser.own, 'last-event-id': last },
    })
    expect(text.match(/^data: \{"event"/gm), last).toHaveLength(events)
  }
  const beyond = await send(origin, `/api/runs/${run}/events`, {
    headers: { ...browser.own, 'last-event-id': String(Number.MAX_SAFE_INTEGER) },
  })
  expect(beyond.text).toContain('"ended":true')
}, 60_000)

test('a press of somebody else with the same key is their own', async () => {
  const { browser, handbook } = await setUp()
  const invited = await handbook.run('serve', '--invite', 'responder', '--as', 'ben')
  const ben = await enter(/http\S+/.exec(invited.stdout)?.[0] ?? '')
  const key = 'the-same-key-of-both'
  const begin = (who: typeof ben) =>
    who.begin('wait', handbook.hashOf('wait'), { key, params: { who: 'x' } }).then(({ status, text }) => ({
      status,
      run: String(JSON.parse(text).run),
    }))
  const first = await begin(browser)
  const second = await begin(ben)
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.run).not.toBe(first.run)
  expect(await begin(ben)).toEqual({ status: 200, run: second.run })
  const stream = await browser.stream(`/api/runs/${first.run}/events`)
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('step.output')
  for (const [who, text] of [
    [browser, 'of the first'],
    [ben, 'of ben'],
  ] as const)
    expect((await who.press(`/api/runs/${first.run}/notes`, { key, text })).status).toBe(201)
  // Sent again it is that note; another text under its key would be lost, so it is refused: while the run goes on, and after its end.
  const resend = async (text: string) => (await ben.press(`/api/runs/${first.run}/notes`, { key, text })).status
  expect([await resend('of ben'), await resend('other words')]).toEqual([201, 422])
  // Nor is what nobody sees a note.
  expect(await resend(' \u200b\u2060')).toBe(422)
  handbook.write('go', '')
  await stream.over
  const noted = eventsOf(stream).flatMap(event => (event.type === 'run.noted' ? [[event.by.user, event.text]] : []))
  expect(noted).toHaveLength(2)
  expect(noted).toContainEqual(['ben', 'of ben'])
  expect([await resend('of ben'), await resend('other words')]).toEqual([201, 422])
}, 90_000)

test('a flood of alerts is refused whole, and one hostile alert keeps no other one away', async () => {
  const { browser, origin, handbook } = await setUp()
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const post = (alerts: string) =>
    send(origin, '/api/alerts?environment=staging', {
      method: 'POST',
      headers,
      body: `{"version":"4","alerts":${alerts}}`,
    })
  const alert = (labels: string) => `{"status":"firing","labels":${labels},"startsAt":"2026-11-29T03:00:00Z"}`
  const now = async () => (await browser.read<Now>('/api/now?environment=staging')).alerts
  const many = (count: number) =>
    `[${Array.from({ length: count }, (_, at) => alert(`{"alertname":"A${at}"}`)).join()}]`
  expect((await post(many(10_000))).status).toBe(422)
  expect((await post(many(20_000))).status).toBe(413)
  expect(await now()).toEqual([])
  const names = '{"alertname":"__proto__","__proto__":"x","constructor":"y","toString":"z","hasOwnProperty":"w"}'
  const taken = await post(`[${alert(names)},${alert('{"alertname":"ThingFull"}')}]`)
  expect(taken.status, taken.text).toBe(202)
  const alerts = await now()
  expect(alerts.map(({ name }) => name).toSorted()).toEqual(['ThingFull', '__proto__'])
  expect(alerts.find(({ name }) => name === 'ThingFull')).toMatchObject({ page: { id: 'mend' }, labels: {} })
  expect(alerts.find(({ name }) => name === '__proto__')).not.toHaveProperty('page')
  for (const wrong of [
    '{"alertname":""}',
    '{"alertname":1}',
    '{"alertname":{"x":1}}',
    '{"alertname":"A","x":null}',
    '["alertname"]',
    'null',
  ])
    expect((await post(`[${alert(wrong)}]`)).status, wrong).toBe(422)
  expect((await post('{}')).status).toBe(422)
  const begun = await browser.begin('mend', handbook.hashOf('mend'), { alert: '__proto__', params: {} })
  expect(begun.status).not.toBe(500)
}, 90_000)
