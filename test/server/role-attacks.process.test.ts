import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Browser, createLiveHandbook, enter, send } from './live-handbook.ts'

const key = () => `key-${Math.random()}`
const HASH = 'a'.repeat(64)

/** A server, somebody of each role, an incident, and a run that is over. */
async function setUp() {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve(['--env', 'staging'])
  const own = await enter(link)
  const as = async (role: string): Promise<Browser> => {
    const { stdout } = await handbook.run('serve', '--invite', role, '--as', `some-${role}`)
    return enter(/http\S+/.exec(stdout)?.[0] ?? '')
  }
  const declared = await own.press('/api/incidents', { key: key(), environment: 'staging' })
  const { incident } = JSON.parse(declared.text)
  await handbook.run('run', 'mend', '--env', 'staging', '--step', 'look', '--auto')
  const { runs } = await own.read<{ runs: { run: string }[] }>('/api/runs')
  const run = runs[0]?.run ?? ''
  return { handbook, origin, own, as, incident, run }
}

/** Every change that a browser can ask for, with a body that is complete. */
function listChanges(incident: string, run: string): [path: string, body: object][] {
  const change = (change: object): [string, object] => [`/api/incidents/${incident}/changes`, { change }]
  return [
    ['/api/runs', { page: 'mend', contentHash: HASH, environment: 'staging', params: {} }],
    [`/api/runs/${run}/answers`, { question: '1', choice: 'run' }],
    [`/api/runs/${run}/cancel`, {}],
    [`/api/runs/${run}/notes`, { text: 'x' }],
    [`/api/runs/${run}/resume`, { contentHash: HASH, after: 1 }],
    [`/api/runs/${run}/roll-back`, { contentHash: HASH, after: 1 }],
    ['/api/incidents', { environment: 'staging' }],
    change({ do: 'describe', severity: 'SEV1' }),
    change({ do: 'offer', role: 'commander', to: 'eve' }),
    change({ do: 'accept', role: 'commander' }),
    change({ do: 'word', text: 'x' }),
    change({ do: 'promise', nextIn: 5 }),
    change({ do: 'note', text: 'x' }),
    change({ do: 'ask', text: 'x' }),
    change({ do: 'answer', question: 1, text: 'x' }),
    change({ do: 'pin', entry: 'i1', pinned: true }),
    change({ do: 'close' }),
    [`/api/incidents/${incident}/postmortem`, {}],
  ]
}

test('a reader is refused every change, whoever invited them; each other role is not', async () => {
  const { as, incident, run, handbook } = await setUp()
  const reader = await as('reader')
  expect(await reader.read('/api/session')).toMatchObject({ role: 'reader', person: 'some-reader' })
  const record = () => readdirSync(join(handbook.cwd, '.handbook/incidents', incident)).length
  const before = record()
  for (const [path, body] of listChanges(incident, run))
    expect((await reader.press(path, { key: key(), ...body })).status, `${path} ${JSON.stringify(body)}`).toBe(403)
  expect(record()).toBe(before)
  for (const path of [`/api/incidents/${incident}`, '/api/incidents', `/api/runs/${run}`])
    expect((await reader.get(path)).status, path).toBe(200)
  for (const role of ['responder', 'approver']) {
    const browser = await as(role)
    for (const [path, body] of listChanges(incident, run).filter(([path]) => !path.endsWith('/changes'))) {
      const { status } = await browser.press(path, { key: key(), ...body })
      expect([401, 403, 500], `${role} ${path}`).not.toContain(status)
    }
    const note = { key: key(), change: { do: 'note', text: 'x' } }
    expect((await browser.press(`/api/incidents/${incident}/changes`, note)).status, role).toBe(200)
  }
}, 90_000)

test('another site changes nothing, and no cookie is no way in', async () => {
  const { own, origin, incident, run } = await setUp()
  const { cookie } = own
  const json = { 'content-type': 'application/json' }
  const cases: [string, Record<string, string>, number][] = [
    ['another Origin', { cookie, ...json, origin: 'http://evil.example' }, 403],
    ['cross-site', { cookie, ...json, 'sec-fetch-site': 'cross-site' }, 403],
    ['neither', { cookie, ...json }, 403],
    ['a form', { ...own.own, 'content-type': 'text/plain' }, 415],
    ['no cookie', { origin, ...json }, 401],
    ['a foreign Host', { ...own.own, ...json, host: 'evil.example' }, 421],
  ]
  for (const [path, body] of listChanges(incident, run))
    for (const [what, headers, status] of cases) {
      const sent = { method: 'POST', headers, body: JSON.stringify({ key: key(), ...body }) }
      expect((await send(origin, path, sent)).status, `${what} ${path}`).toBe(status)
    }
  for (const path of ['/api/incidents', `/api/incidents/${incident}`, `/api/incidents/${incident}/events`])
    for (const headers of [
      {},
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, origin: 'http://evil.example' },
      { cookie, host: 'rebound.example' },
    ])
      expect([401, 403, 421], path).toContain((await send(origin, path, { headers })).status)
}, 90_000)

test('forged ids, words that are too long, and what is no change are refused', async () => {
  const { own, incident, run, handbook } = await setUp()
  const note = { key: key(), change: { do: 'note', text: 'x' } }
  for (const id of ['20200101-000000-none', '..%2f..%2fruns', '%2e%2e', 'constructor', 'declared', 'a'.repeat(300)]) {
    expect((await own.get(`/api/incidents/${id}`)).status, id).toBe(404)
    expect((await own.press(`/api/incidents/${id}/changes`, note)).status, id).toBe(404)
    expect((await own.press(`/api/runs/${id}/resume`, { key: key(), contentHash: HASH, after: 1 })).status).toBe(404)
    expect((await own.get(`/api/runs/${id}/approval`)).status, id).toBe(404)
  }
  // One of an environment that is not served here.
  const other = await handbook.run('incident', 'declare', '--env', 'production', '--json')
  const foreign: string = JSON.parse(other.stdout).incident
  expect((await own.get(`/api/incidents/${foreign}`)).status).toBe(404)
  expect((await own.press(`/api/incidents/${foreign}/changes`, note)).status).toBe(404)
  const path = `/api/incidents/${incident}/changes`
  for (const change of [
    { do: 'note', text: 'x'.repeat(2001) },
    { do: 'note', text: '   ' },
    { do: 'note' },
    { do: 'note', text: 'x', from: 'chat' },
    { do: 'offer', role: 'king', to: 'eve' },
    { do: 'offer', role: 'acts', to: 'eve <b>' },
    { do: 'describe' },
    { do: 'describe', severity: 'SEV0' },
    { do: 'word', text: 'x', nextIn: -5 },
    { do: 'word', text: 'x', nextIn: 1e9 },
    { do: 'pin', entry: '../x', pinned: true },
    { do: 'answer', question: 99, text: 'x' },
    { do: 'alert.began', id: 'x', name: 'x', since: '' },
    { type: 'incident.closed' },
  ])
    expect((await own.press(path, { key: key(), change })).status, JSON.stringify(change)).toBe(422)
  expect((await own.press(path, { key: 'short', change: { do: 'note', text: 'x' } })).status).toBe(422)
  expect((await own.press(path, { ...note, text: 'x'.repeat(70_000) })).status).toBe(413)
  expect((await own.press('/api/incidents', { key: key(), environment: 'production' })).status).toBe(422)
  expect((await own.press(`/api/runs/${run}/resume`, { key: key(), contentHash: HASH, after: 1e300 })).status).toBe(422)
  // What was written as text comes back as text.
  const evil = '</script><script>alert(1)</script>\u001b[2J\n\ndata: {"incident":{}}'
  await own.press(path, { key: key(), change: { do: 'note', text: evil } })
  const { incident: view } = await own.read<{ incident: { timeline: { text: string }[] } }>(
    `/api/incidents/${incident}`,
  )
  expect(view.timeline.map(({ text }) => text)).toContain(evil)
  expect((await handbook.run('incident', 'show', '--incident', incident)).stdout).not.toContain('\u001b[2J')
  const flood = await Promise.all(Array.from({ length: 90 }, () => own.press(path, { ...note, key: key() })))
  expect(flood.map(({ status }) => status)).toContain(429)
}, 90_000)

test('a key that comes again with something else records nothing, and says so', async () => {
  const { own, incident } = await setUp()
  const path = `/api/incidents/${incident}/changes`
  const word = { key: 'the-key-of-a-word', change: { do: 'word', text: 'we look into it', nextIn: 30 } }
  for (const _ of [1, 2]) expect((await own.press(path, word)).status).toBe(200)
  for (const change of [
    { ...word.change, text: 'it is over' },
    { do: 'note', text: 'we look into it' },
  ])
    expect(await own.press(path, { key: word.key, change })).toMatchObject({
      status: 409,
      text: expect.stringContaining('recorded something else'),
    })
}, 60_000)

test('a reader who opens streams without end keeps nobody else from hearing', async () => {
  const { own, as } = await setUp()
  const reader = await as('reader')
  const open = (browser: Browser) => browser.stream('/api/now/events?environment=staging')
  const streams = await Promise.all(Array.from({ length: 130 }, () => open(reader)))
  expect(streams.filter(({ status }) => status === 429)).toHaveLength(30)
  const other = await open(own)
  expect(other.status).toBe(200)
  for (const { stop } of [...streams, other]) stop()
}, 60_000)

test('an invitation is good once, for its role, and only on the server of its handbook', async () => {
  const { handbook, own } = await setUp()
  const invited = await handbook.run('serve', '--invite', 'reader')
  const link = /http\S+/.exec(invited.stdout)?.[0] ?? ''
  expect((await enter(link)).cookie).not.toBe(own.cookie)
  expect((await send(new URL(link).origin, new URL(link).pathname)).status).toBe(410)
  expect(await handbook.run('serve', '--invite', 'king')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('reader, responder, approver'),
  })
  // The file of an invitation that nobody used yet has no secret.
  const other = await handbook.run('serve', '--invite', 'approver')
  const secret = /enter\/(\S+)/.exec(other.stdout)?.[1] ?? ''
  const { stdout } = await handbook.shell(`grep -rl -- '${secret}' .handbook; ls .handbook/serve/invitations | wc -l`)
  expect(stdout.trim()).toBe('1')
  const alone = await createLiveHandbook()
  expect(await alone.run('serve', '--invite', 'reader')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('No server of this handbook runs here'),
  })
}, 60_000)
