import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Now, RunCard } from '../../src/wire/index.ts'
import { browse, createLiveHandbook, enter, eventsOf, openStream, send, typesOf } from './live-handbook.ts'

/** A server, somebody who is let in, and a run under way. */
async function setUp(args: readonly string[] = []) {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve(args)
  const browser = await enter(link)
  return { handbook, link, origin, browser, hash: handbook.hashOf('wait') }
}

describe('what another site has a browser send', () => {
  test('begins nothing, whatever it says of itself', async () => {
    const { browser, origin, hash } = await setUp()
    const { cookie } = browser
    const body = JSON.stringify({
      key: 'key-of-attack',
      page: 'wait',
      contentHash: hash,
      environment: 'staging',
      params: { who: 'x' },
    })
    const json = { 'content-type': 'application/json' }
    const cases: [string, Record<string, string>, number][] = [
      ['another Origin', { cookie, ...json, origin: 'http://evil.example' }, 403],
      ['another port', { cookie, ...json, origin: 'http://127.0.0.1:1' }, 403],
      ['Origin null', { cookie, ...json, origin: 'null' }, 403],
      ['no Origin, cross-site', { cookie, ...json, 'sec-fetch-site': 'cross-site' }, 403],
      ['no Origin, same-site', { cookie, ...json, 'sec-fetch-site': 'same-site' }, 403],
      ['right Origin, cross-site', { cookie, ...json, origin, 'sec-fetch-site': 'cross-site' }, 403],
      ['neither', { cookie, ...json }, 403],
      ['a form', { ...browser.own, 'content-type': 'text/plain' }, 415],
      ['a form', { ...browser.own, 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['no cookie', { origin, ...json }, 401],
      ['a forged cookie', { origin, ...json, cookie: cookie.replace(/=.*/, '=forged') }, 401],
      ['a foreign Host', { ...browser.own, ...json, host: 'evil.example' }, 421],
      ['a foreign Host with our port', { ...browser.own, ...json, host: `evil.example:${new URL(origin).port}` }, 421],
    ]
    for (const [what, headers, status] of cases)
      expect((await send(origin, '/api/runs', { method: 'POST', headers, body })).status, what).toBe(status)
    expect((await browser.read<{ runs: RunCard[] }>('/api/runs?environment=staging')).runs).toEqual([])
  }, 60_000)

  test('reads nothing: no answer and no stream', async () => {
    const { browser, origin } = await setUp()
    const { cookie } = browser
    for (const path of ['/api/session', '/api/now?environment=staging', '/api/now/events?environment=staging']) {
      const other: Record<string, string>[] = [
        { cookie, origin: 'http://evil.example' },
        { cookie, 'sec-fetch-site': 'cross-site' },
        { cookie, host: 'rebound.example' },
      ]
      for (const headers of other)
        expect([403, 421], `${path} ${JSON.stringify(headers)}`).toContain(
          (await send(origin, path, { headers })).status,
        )
      const alone = await send(origin, path)
      expect(alone.status, path).toBe(401)
      expect(alone.headers['access-control-allow-origin']).toBeUndefined()
      expect(alone.headers['cross-origin-resource-policy']).toBe('same-origin')
    }
    // A name that leads here is not enough for the site either.
    expect((await send(origin, '/', { headers: { host: 'rebound.example' } })).status).toBe(421)
  }, 60_000)
})

test('a link lets one browser in, and whoever sees it later stays outside', async () => {
  const { link, origin } = await setUp()
  const { pathname } = new URL(link)
  const again = await send(origin, pathname)
  expect(again).toMatchObject({ status: 410, text: expect.stringContaining('used up') })
  expect(again.headers['set-cookie']).toBeUndefined()
  expect((await send(origin, '/enter/guessed')).status).toBe(410)
}, 60_000)

test('a look at a link does not use it up, and its cookie is for no script', async () => {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve()
  const { pathname } = new URL(link)
  await send(origin, pathname, { method: 'HEAD' })
  const { status, headers } = await send(origin, pathname)
  expect(status).toBe(303)
  expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/)
}, 60_000)

test('no path leads out of the site, or to what is hidden in it', async () => {
  const { handbook, origin } = await setUp()
  await handbook.shell('ln -s ../outside.txt build/link.txt; ln -s .. build/up')
  const paths = [
    '/../outside.txt',
    '/..%2foutside.txt',
    '/..%2Foutside.txt',
    '/%2e%2e/outside.txt',
    '/%2e%2e%2foutside.txt',
    '/..%5coutside.txt',
    '/runbooks/..%2f..%2foutside.txt',
    '/%252e%252e%252foutside.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/.hidden',
    '/link.txt',
    '/up/outside.txt',
    '/index.html%00.txt',
    '/%E0%A4%A',
    '/assets/js',
    '/assets/js/',
  ]
  for (const path of paths) {
    const { status, text } = await send(origin, path)
    expect(status, path).toBeGreaterThanOrEqual(400)
    expect(text, path).not.toMatch(/outside|secret|root:/)
  }
}, 60_000)

test('a reader reads, and does nothing else', async () => {
  const handbook = await createLiveHandbook()
  const { link } = await handbook.serve(['--read-only'])
  const browser = await enter(link)
  expect(await browser.read('/api/session')).toMatchObject({ role: 'reader' })
  const begun = await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })
  expect(begun.status).toBe(403)
  const other = handbook.start(['run', 'wait', '--env', 'staging', '--param', 'who=x', '--auto', '--json'])
  const list = () => browser.read<{ runs: RunCard[] }>('/api/runs?environment=staging')
  await expect.poll(async () => (await list()).runs.length, { timeout: 20_000 }).toBe(1)
  const run = (await list()).runs[0]?.run
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('step.output')
  const presses: [string, object][] = [
    ['answers', { key: 'key-00001', question: '1', choice: 'run' }],
    ['cancel', { key: 'key-00001' }],
    ['notes', { key: 'key-00001', text: 'x' }],
  ]
  for (const [what, body] of presses)
    expect((await browser.press(`/api/runs/${run}/${what}`, body)).status, what).toBe(403)
  handbook.write('go', '')
  await stream.over
  await other
  expect(typesOf(stream)).not.toContain('run.noted')
  expect(eventsOf(stream).at(-1)).not.toMatchObject({ outcome: 'cancelled' })
}, 60_000)

test('who was let in before the server only reads may only read from then on', async () => {
  const { handbook, origin, browser } = await setUp()
  const second = await handbook.serve(['--read-only'])
  const cookie = browser.cookie.replace(new URL(origin).port, new URL(second.origin).port)
  expect(await browse(second.origin, cookie).read('/api/session')).toMatchObject({ role: 'reader' })
}, 60_000)

test('what is too long, or too slow, or too much, is cut off', async () => {
  const { browser, origin, hash } = await setUp()
  const big = await browser.begin('wait', hash, { params: { who: 'x'.repeat(70_000) } })
  expect(big.status).toBe(413)
  const { hostname, port } = new URL(origin)
  // Headers that never end.
  const slow = createConnection(Number(port), hostname)
  const began = performance.now()
  const trickle = setInterval(() => slow.write('x'), 500)
  slow.write(`GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Slow: `)
  await new Promise(resolve => slow.on('close', resolve).on('error', () => undefined))
  clearInterval(trickle)
  expect(performance.now() - began).toBeLessThan(25_000)
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => browser.begin('wait', hash, { page: 'nothing', environment: 'elsewhere' })),
  )
  expect(answers.map(({ status }) => status)).toContain(429)
}, 90_000)

test('hostile labels stay text, and an alert is taken from nobody without the token', async () => {
  const handbook = await createLiveHandbook()
  const token = 'a-token-of-the-webhook'
  const { link, origin } = await handbook.serve(['--webhook-token-file', handbook.write('token', token)])
  const browser = await enter(link)
  const path = '/api/alerts?environment=staging'
  const evil = '</script><script>alert(1)</script>\u001b[2J\n\ndata: {"alerts":[]}'
  const labels = {
    alertname: 'ThingFull',
    instance: evil,
    severity: 'critical',
    __proto__x: 'y',
    long: 'x'.repeat(5000),
  }
  const alerts = [
    {
      status: 'firing',
      labels,
      annotations: { summary: evil },
      startsAt: '2026-11-29T03:00:00Z',
      generatorURL: 'javascript:1',
    },
  ]
  const body = JSON.stringify({ version: '4', groupKey: 'x', receiver: 'y', status: 'firing', unknown: {}, alerts })
  const json = { 'content-type': 'application/json' }
  const post = (headers: Record<string, string>, text = body) =>
    send(origin, path, { method: 'POST', headers: { ...json, ...headers }, body: text })
  expect((await post({})).status).toBe(401)
  expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await post({ cookie: browser.cookie, origin })).status).toBe(401)
  expect((await post({ authorization: `Bearer ${token}`, origin: 'http://evil.example' })).status).toBe(403)
  const own = { authorization: `Bearer ${token}` }
  expect((await post(own, '{"version":"3","alerts":[]}')).status).toBe(422)
  expect((await post(own, 'x'.repeat(1_100_000))).status).toBe(413)
  const stream = await openStream<Now>(origin, '/api/now/events?environment=staging', browser.cookie)
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  expect((await post(own)).status).toBe(202)
  await expect.poll(() => stream.messages.at(-1)?.data.alerts.length, { timeout: 5000 }).toBe(1)
  const [alert] = stream.messages.at(-1)?.data.alerts ?? []
  expect(alert).toMatchObject({
    name: 'ThingFull',
    summary: evil,
    labels: { instance: evil },
    page: { id: 'mend', permalink: '/runbooks/mend' },
  })
  expect(alert?.labels.long?.length).toBe(1000)
  // It fills no parameter that it does not fit, and what it fills is an argument, never a part of a script.
  const begun = await browser.begin('mend', handbook.hashOf('mend'), { params: { database: '$(touch pwned)' } })
  expect(begun.status).toBe(422)
  expect((await handbook.shell(`test -e ${join(handbook.cwd, 'pwned')}`)).exitCode).toBe(1)
  stream.stop()
}, 60_000)

test('a client that takes nothing keeps nobody else from hearing', async () => {
  const { browser, origin, hash, handbook } = await setUp()
  handbook.write(
    'runbooks/wait.md',
    '---\ntitle: It waits\n---\n\n## Diagnose\n\n### Flood <!-- #wait -->\n\n```bash\nuntil test -e go; do head -c 200000 /dev/zero | tr "\\0" x; echo; sleep 0.02; done\n```\n',
  )
  expect(hash).not.toBe(handbook.hashOf('wait'))
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'))).text)
  const { hostname, port } = new URL(origin)
  const deaf = createConnection(Number(port), hostname)
  deaf.pause()
  deaf.on('error', () => undefined)
  deaf.write(`GET /api/runs/${run}/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${browser.cookie}\r\n\r\n`)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await expect
    .poll(() => typesOf(stream).filter(type => type === 'step.output').length, { timeout: 20_000 })
    .toBeGreaterThan(2)
  handbook.write('go', '')
  await stream.over
  expect(eventsOf(stream).at(-1)?.type).toBe('run.finished')
  deaf.destroy()
}, 60_000)
