import { expect, test } from 'vitest'
import { createLiveHandbook, enter, send, YAML } from './live-handbook.ts'

/** The proxy of these tests connects from one address of this machine, and everybody else from another one. */
const PROXY = '127.0.0.9'
const SIGNS_IN = `serve:
  metricsToken: METRICS_TOKEN
  proxy:
    addresses: ["10.1.0.0/16", "${PROXY}", "::1"]
    personHeader: X-Forwarded-User
    groupsHeader: X-Forwarded-Groups
    groups: { responder: [sre, storage], approver: [leads] }
`
const key = () => `key-${Math.random()}`

async function setUp(args: readonly string[] = []) {
  const handbook = await createLiveHandbook(`${YAML}${SIGNS_IN}`)
  const { link, origin } = await handbook.serve(['--env', 'staging', ...args], { METRICS_TOKEN: 'metrics-token-0123' })
  const own = { origin, 'sec-fetch-site': 'same-origin' }
  const ask = (headers: Record<string, string | string[]>, from = PROXY, path = '/api/session') =>
    send(origin, path, { headers: { ...own, ...headers }, from })
  const press = (headers: Record<string, string>, path: string, body: object, from = PROXY) =>
    send(origin, path, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ key: key(), ...body }),
      from,
    })
  return { handbook, link, origin, ask, press }
}

test('whom the proxy names is let in without a link, with the role of their groups', async () => {
  const { ask, press, handbook, link } = await setUp()
  const sessionOf = async (headers: Record<string, string>) => JSON.parse((await ask(headers)).text)
  expect(await sessionOf({ 'x-forwarded-user': 'ana@example.com' })).toMatchObject({
    person: 'ana@example.com',
    role: 'reader',
  })
  for (const [groups, role] of [
    ['sre', 'responder'],
    ['staff, storage', 'responder'],
    ['sre,leads', 'approver'],
    ['sre-interns;misleads', 'reader'],
    ['', 'reader'],
  ] as const)
    expect(await sessionOf({ 'x-forwarded-user': 'ben', 'x-forwarded-groups': groups }), groups).toMatchObject({ role })
  const begin = { page: 'mend', contentHash: handbook.hashOf('mend'), environment: 'staging', params: {} }
  expect((await press({ 'x-forwarded-user': 'ben' }, '/api/runs', begin)).status).toBe(403)
  const ben = { 'x-forwarded-user': 'ben', 'x-forwarded-groups': 'sre' }
  const begun = await press(ben, '/api/runs', begin)
  expect(begun.status, begun.text).toBe(201)
  const { run } = JSON.parse(begun.text)
  // The run has begun by then, and is claimed right after.
  const claim = async () => JSON.parse((await ask(ben, PROXY, `/api/runs/${run}`)).text).events[1]
  await expect.poll(claim, { timeout: 60_000 }).toMatchObject({ type: 'run.claimed', person: 'ben' })
  // A link still lets in, for when the proxy or its identity provider is gone; the proxy's word comes first.
  const browser = await enter(link)
  const { cookie } = browser
  expect(await browser.read('/api/session')).toMatchObject({ role: 'responder' })
  expect(JSON.parse((await ask({ cookie, 'x-forwarded-user': 'carla' })).text)).toMatchObject({
    person: 'carla',
    role: 'reader',
  })
}, 90_000)

test('with --read-only whoever the proxy names may only read', async () => {
  const { ask } = await setUp(['--read-only'])
  const leads = { 'x-forwarded-user': 'ana', 'x-forwarded-groups': 'leads' }
  expect(JSON.parse((await ask(leads)).text)).toMatchObject({ role: 'reader' })
}, 60_000)

test('a name that another address sends is refused everywhere, and so is what names nobody', async () => {
  const { ask, press, link, handbook, origin } = await setUp()
  const { cookie } = await enter(link)
  const forged = { 'x-forwarded-user': 'ana', 'x-forwarded-groups': 'leads' }
  const elsewhere = ['127.0.0.1', '127.0.0.10']
  for (const from of elsewhere) {
    for (const headers of [
      forged,
      { ...forged, cookie },
      { 'X-FORWARDED-USER': 'ana' },
      { 'x-forwarded-groups': 'leads', cookie },
      { ...forged, 'x-forwarded-for': PROXY, forwarded: `for=${PROXY}`, 'x-real-ip': PROXY },
    ])
      expect((await ask(headers, from)).status, `${from} ${JSON.stringify(headers)}`).toBe(403)
    for (const path of ['/', '/runbooks/mend', '/healthz', '/metrics', '/api/now', '/api/runs', '/enter/x'])
      expect((await ask(forged, from, path)).status, path).toBe(403)
    const begin = { page: 'mend', contentHash: handbook.hashOf('mend'), environment: 'staging', params: {} }
    expect((await press({ ...forged, cookie }, '/api/runs', begin, from)).status).toBe(403)
  }
  expect((await ask({ cookie }, PROXY, '/api/runs')).text).toContain('"runs":[]')
  for (const name of ['', 'ana ben', 'ana, eve', '<b>ana</b>', 'a'.repeat(101), '../ana'])
    expect((await ask({ 'x-forwarded-user': name })).status, name).toBe(400)
  expect((await ask({ 'x-forwarded-user': ['ana', 'eve'] })).status).toBe(400)
  expect((await ask({ 'x-forwarded-groups': 'leads' })).status).toBe(400)
  // Who is named by nobody is nobody, and the proxy's word is no way round the other rules.
  expect((await ask({})).status).toBe(401)
  expect((await ask({ ...forged, origin: 'http://evil.example' })).status).toBe(403)
  expect((await ask({ ...forged, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(
    (await send(origin, '/api/session', { headers: { ...forged, host: 'evil.example' }, from: PROXY })).status,
  ).toBe(421)
}, 90_000)

test.each([
  ['addresses: [], personHeader: X-User', 'expected at least one address'],
  ['addresses: ["10.0.0.0/33"], personHeader: X-User', 'expected an address, or a network'],
  ['addresses: [proxy.example], personHeader: X-User', 'expected an address, or a network'],
  ['addresses: ["10.0.0.1"], personHeader: "X User"', 'expected the name of a header'],
  ['addresses: ["10.0.0.1"], personHeader: X-User, others: admin', 'others'],
])(
  'a handbook with the proxy %s is refused',
  async (proxy, why) => {
    const handbook = await createLiveHandbook(`${YAML}serve: { proxy: { ${proxy} } }\n`)
    const { exitCode, all } = await handbook.run('serve', '--port', '0').then(({ exitCode, stdout, stderr }) => ({
      exitCode,
      all: stdout + stderr,
    }))
    expect(exitCode).toBe(2)
    expect(all).toContain(why)
  },
  60_000,
)
