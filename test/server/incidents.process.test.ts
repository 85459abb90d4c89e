import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { IncidentMessage, Now } from '../../src/wire/index.ts'
import { freePort, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { type Browser, createLiveHandbook, enter, questionOf, send, YAML } from './live-handbook.ts'

/** It changes something that its roll back reverts. */
const SHED = `---
title: Too much comes in
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
echo customer-4711.pdf is in the way
hb suggest shed "too much"
\`\`\`

## Mitigate

### Refuse uploads of customer-4711 <!-- #shed -->

\`\`\`bash
echo shed > shed.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -s shed.log
\`\`\`

## Roll back

### Admit uploads again <!-- #admit -->

\`\`\`bash undoes=shed
rm shed.log
\`\`\`
`

const TEMPLATE = `# Postmortem

\`\`\`\`markdown
---
title: WHAT HAPPENED, IN ONE LINE
description: DATE, SEVERITY, HOW LONG
---

## Summary
What happened, to whom, for how long, and how it ended.

## Detection
Which alert or person noticed it, and what should have warned us earlier.

## Impact in numbers
| what | how much | measured by |
| --- | --- | --- |
| began, ended, duration | | |
| customers affected | | |

## Timeline
| time | what happened | evidence |
| --- | --- | --- |
| | first effect | |

## Actions
| action | owner | due |
| --- | --- | --- |
| | | |
\`\`\`\`
`

const key = () => `key-${Math.random()}`

/** An incident that one press declared, and what is done with it. */
async function declareIn(browser: Browser, environment = 'staging') {
  const declared = await browser.press('/api/incidents', { key: key(), environment })
  expect(declared).toMatchObject({ status: 201 })
  const { incident } = JSON.parse(declared.text)
  const path = `/api/incidents/${incident}`
  const change = (change: object) => browser.press(`${path}/changes`, { key: key(), change })
  const look = async () => (await browser.read<IncidentMessage>(path)).incident
  return { incident, path, change, look }
}

/** A chat that hears what it is sent. */
async function startChat() {
  const heard: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', piece => {
      text += piece
    })
    request.on('end', () => {
      heard.push(JSON.parse(text))
      response.end('ok')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { heard, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/secret-of-the-chat` }
}

test('one press declares it; what happens then is one timeline, here and in the terminal', async () => {
  const handbook = await createLiveHandbook(YAML, { shed: SHED })
  handbook.write('docs/postmortem.md', TEMPLATE)
  const { link } = await handbook.serve()
  const browser = await enter(link)
  const same = { key: 'declare-by-one-press', environment: 'staging' }
  const twice = await Promise.all([1, 2].map(() => browser.press('/api/incidents', same)))
  expect(new Set(twice.map(({ text }) => text)).size).toBe(1)
  expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 201])
  const { incident } = JSON.parse(twice[0]?.text ?? '')
  const path = `/api/incidents/${incident}`
  const change = (change: object) => browser.press(`${path}/changes`, { key: key(), change })
  const stream = await browser.stream<IncidentMessage>(`${path}/events`)
  const last = () => stream.messages.at(-1)?.data.incident
  expect((await browser.read<Now>('/api/now?environment=staging')).incidents).toMatchObject([{ id: incident }])
  expect((await browser.read<Now>('/api/now?environment=production')).incidents).toEqual([])
  await change({ do: 'describe', severity: 'SEV1', sees: 'Uploads fail with 503' })
  await change({ do: 'ask', text: 'Since when?' })
  // The terminal does the same.
  expect((await handbook.run('incident', 'note', 'called <b>storage</b>')).exitCode).toBe(0)
  expect((await handbook.run('run', 'shed', '--env', 'staging', '--step', 'look')).exitCode).toBe(0)
  const { run } = JSON.parse((await browser.begin('shed', handbook.hashOf('shed'))).text)
  const runs = await browser.stream(`/api/runs/${run}/events`)
  const question = await questionOf(runs, 'shed')
  await browser.press(`/api/runs/${run}/answers`, { key: key(), question, choice: 'run' })
  await runs.over
  await expect.poll(() => last()?.changes, { timeout: 10_000 }).toMatchObject([{ run, step: 'shed', state: 'stands' }])
  await expect.poll(() => last()?.unreverted).toMatchObject([{ run }])
  const shown = (await handbook.run('incident', 'show')).stdout
  for (const said of ['SEV1 in staging, open', 'Uploads fail with 503', '<b>storage</b>', 'Since when?', run])
    expect(shown).toContain(said)
  // Refused while changes are unreverted, here and there.
  expect(await change({ do: 'close' })).toMatchObject({ status: 409, text: expect.stringContaining('unreverted') })
  expect(await handbook.run('incident', 'close')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(run) })
  expect((await handbook.run('runs', 'roll-back', run, '--auto')).exitCode).toBe(3)
  const asked = await handbook.run('incident', 'answer', '3', 'Since 03:04')
  expect(asked.exitCode).toBe(0)
  expect(await change({ do: 'answer', question: 3, text: 'No' })).toMatchObject({ status: 409 })
  const closed = await handbook.run('incident', 'close', '--reason', 'it stays shut until Monday')
  expect(closed.exitCode).toBe(0)
  await expect.poll(() => last()?.closed?.reason, { timeout: 10_000 }).toBe('it stays shut until Monday')
  expect(await change({ do: 'describe', severity: 'SEV3' })).toMatchObject({ status: 409 })
  const { timeline, measured } = last() ?? { timeline: [], measured: undefined }
  expect(timeline.map(({ time }) => time)).toEqual(timeline.map(({ time }) => time).toSorted())
  const texts = timeline.map(({ text }) => text)
  for (const text of [
    'The incident was declared',
    'Severity SEV1. Customers see: Uploads fail with 503',
    'called <b>storage</b>',
    'Run of “Too much comes in” begun',
    'Changed: Refuse uploads of customer-4711',
    'Run of “Too much comes in” ended: healed',
  ])
    expect(texts).toContain(text)
  expect(measured).toMatchObject({ firstChange: expect.any(String), healed: expect.any(String) })
  // The draft has what was measured; check names what only people know.
  const drafted = await browser.press(`${path}/postmortem`, { key: key() })
  expect(drafted.status).toBe(201)
  const page: string = JSON.parse(drafted.text).path
  expect(await browser.press(`${path}/postmortem`, { key: key() })).toMatchObject({ status: 200, text: drafted.text })
  const text = readFileSync(join(handbook.cwd, page), 'utf8')
  expect(text).toContain(`run ${run}`)
  expect(text).not.toContain('storage')
  const checked = JSON.parse((await handbook.run('check', page, '--json')).stdout)
  expect(checked.problems.length).toBeGreaterThan(2)
  expect(new Set(checked.problems.map(({ rule }: { rule: string }) => rule))).toEqual(new Set(['template-filled']))
  stream.stop()
}, 120_000)

test('a role is handed over and accepted by the one who was named', async () => {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve()
  const browser = await enter(link)
  const { change, look } = await declareIn(browser)
  const me = (await browser.read<{ person: string }>('/api/session')).person
  expect((await look()).roles).toEqual({ commander: me })
  await change({ do: 'offer', role: 'commander', to: 'ben' })
  expect(await change({ do: 'accept', role: 'commander' })).toMatchObject({ status: 409 })
  expect((await look()).roles.commander).toBe(me)
  const invited = await handbook.run('serve', '--invite', 'responder', '--as', 'ben')
  const ben = await enter(/http\S+/.exec(invited.stdout)?.[0] ?? '')
  expect(ben.origin).toBe(origin)
  expect(await ben.read('/api/session')).toMatchObject({ person: 'ben', role: 'responder' })
  const { incident } = { incident: (await look()).id }
  await ben.press(`/api/incidents/${incident}/changes`, { key: key(), change: { do: 'accept', role: 'commander' } })
  expect(await look()).toMatchObject({ roles: { commander: 'ben' }, offers: {} })
  // Of a run the timeline names who began it, not the server's account.
  const { run } = JSON.parse((await ben.begin('mend', handbook.hashOf('mend'))).text)
  await questionOf(await ben.stream(`/api/runs/${run}/events`), 'mend')
  expect((await look()).timeline).toContainEqual(
    expect.objectContaining({ run, text: 'Run of “It is full” begun', by: 'ben' }),
  )
  await ben.press(`/api/runs/${run}/cancel`, { key: key() })
  // Who does not answer is no commander: another one says that they are it now.
  await change({ do: 'offer', role: 'commander', to: me })
  expect((await look()).roles.commander).toBe(me)
}, 60_000)

test.each(['slack', 'json'] as const)(
  'a chat is told in its form (%s) what is allowed, and nothing else; a note comes back',
  async form => {
    const chat = await startChat()
    const yaml = `${YAML}notify: { chat: { variable: CHAT_URL, form: ${form} } }\n`
    const handbook = await createLiveHandbook(yaml, { shed: SHED })
    const token = handbook.write('token', 'a-token-of-the-chat')
    const { link, origin } = await handbook.serve(['--note-token-file', token], { CHAT_URL: chat.url })
    const browser = await enter(link)
    const { change, look, incident } = await declareIn(browser)
    await expect.poll(() => chat.heard.length).toBe(1)
    await change({ do: 'describe', severity: 'SEV2', sees: 'Uploads <!channel> fail & wait' })
    await change({ do: 'note', text: 'customer-4711 called' })
    await change({ do: 'ask', text: 'customer-4711?' })
    const { run } = JSON.parse((await browser.begin('shed', handbook.hashOf('shed'))).text)
    const stream = await browser.stream(`/api/runs/${run}/events`)
    const question = await questionOf(stream, 'shed')
    await browser.press(`/api/runs/${run}/answers`, { key: key(), question, choice: 'run' })
    await stream.over
    await change({ do: 'word', text: 'We look into it', nextIn: 30 })
    await expect.poll(() => chat.heard.length, { timeout: 10_000 }).toBe(3)
    const all = JSON.stringify(chat.heard)
    expect(all).not.toMatch(/4711|shed|secret-of|\.pdf/)
    const allowed =
      form === 'slack'
        ? ['text']
        : 'event incident environment declared severity sees commander word due link'.split(' ')
    for (const heard of chat.heard) expect(allowed).toEqual(expect.arrayContaining(Object.keys(heard)))
    if (form === 'slack') expect(all).toContain('&lt;!channel&gt; fail &amp; wait')
    else expect(chat.heard[2]).toMatchObject({ event: 'word', word: 'We look into it', severity: 'SEV2', incident })
    expect((await look()).timeline.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^The chat on .* told/),
    )
    // The runner does not know the chat's address.
    expect(all).not.toContain('secret')
    const json = { 'content-type': 'application/json' }
    const post = (headers: Record<string, string>, body: object) =>
      send(origin, '/api/notes', { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
    const own = { authorization: 'Bearer a-token-of-the-chat' }
    const note = { text: 'seen <b>there</b>, too', by: 'carla', key: 'message-1' }
    expect((await post({}, note)).status).toBe(401)
    expect((await post({ authorization: 'Bearer other' }, note)).status).toBe(401)
    expect((await post({ ...own, origin: 'http://evil.example' }, note)).status).toBe(403)
    expect((await post(own, { ...note, by: 'a b' })).status).toBe(422)
    expect((await post(own, { ...note, text: 'x'.repeat(2001) })).status).toBe(422)
    expect((await post(own, { ...note, text: 'x'.repeat(20_000) })).status).toBe(413)
    expect((await post(own, { ...note, incident: '../runs' })).status).toBe(404)
    for (const _ of [1, 2]) expect((await post(own, note)).status).toBe(201)
    expect((await post(own, { ...note, text: 'another one' })).status).toBe(409)
    const notes = (await look()).timeline.filter(({ by }) => by === 'carla')
    expect(notes).toMatchObject([{ kind: 'note', text: 'seen <b>there</b>, too (from chat)' }])
  },
  60_000,
)

test('a chat that does not answer is no reason to wait, and the timeline says so', async () => {
  const port = await freePort()
  const yaml = `${YAML}notify: { chat: { variable: CHAT_URL } }\n`
  const handbook = await createLiveHandbook(yaml)
  const { link } = await handbook.serve([], { CHAT_URL: `http://127.0.0.1:${port}/secret-of-the-chat` })
  const { look } = await declareIn(await enter(link))
  const told = async () => (await look()).timeline.map(({ text }) => text).find(text => text.includes('chat'))
  await expect.poll(told).toBe(`The chat was not told: 127.0.0.1:${port} does not answer`)
}, 60_000)

test.runIf(requires('alerts on the timeline of an incident', ['prometheus-alertmanager']))(
  'alerts that begin and end are on the timeline by themselves, each once, also with two servers',
  async () => {
    const manager = await startAlertmanager()
    onTestFinished(() => manager.stop())
    const yaml = `url: https://ops.example\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { target: { url: "http://staging" }, alertmanagerUrl: "${manager.url}" }\n`
    const handbook = await createLiveHandbook(yaml)
    await manager.post({ alertname: 'ThingFull', severity: 'critical', file: 'customer-4711.pdf' }, 600)
    const { link } = await handbook.serve()
    await handbook.serve()
    const browser = await enter(link)
    const fires = async () => (await browser.read<Now>('/api/now')).alerts.length
    await expect.poll(fires, { timeout: 15_000 }).toBe(1)
    const { look } = await declareIn(browser)
    await expect.poll(async () => (await look()).alerts, { timeout: 15_000 }).toMatchObject([{ name: 'ThingFull' }])
    await manager.post({ alertname: 'Later', severity: 'warning' }, 600)
    await expect.poll(async () => (await look()).alerts.length, { timeout: 15_000 }).toBe(2)
    await manager.post({ alertname: 'Later', severity: 'warning' }, -1)
    await expect.poll(async () => (await look()).alerts[1]?.ended, { timeout: 15_000 }).toBeDefined()
    const view = await look()
    expect(view.timeline.filter(({ kind }) => kind === 'alert')).toHaveLength(3)
    expect(JSON.stringify(view)).not.toContain('4711')
    expect(view.measured.detected).toBeDefined()
  },
  90_000,
)

test.runIf(requires('alerts on the timeline of an incident', ['prometheus-alertmanager']))(
  'alerts of one name that began together are one line with their count, and no label of theirs',
  async () => {
    const manager = await startAlertmanager()
    onTestFinished(() => manager.stop())
    const [startsAt, endsAt] = [-5000, 600_000].map(after => new Date(Date.now() + after).toISOString())
    const alerts = ['4711', '4712'].map(file => ({ labels: { alertname: 'ThingFull', file }, startsAt, endsAt }))
    const posted = await fetch(`${manager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    })
    expect(posted.status).toBe(200)
    const yaml = `url: https://ops.example\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { target: { url: "http://staging" }, alertmanagerUrl: "${manager.url}" }\n`
    const handbook = await createLiveHandbook(yaml)
    const { look } = await declareIn(await enter((await handbook.serve()).link))
    await expect.poll(async () => (await look()).alerts.length, { timeout: 15_000 }).toBe(2)
    const view = await look()
    const lines = view.timeline.flatMap(({ kind, text }) => (kind === 'alert' ? text : []))
    expect(lines).toEqual([
      expect.stringMatching(/^ThingFull fires, since [\d:]+ UTC: 2 alerts, which differ in their labels$/),
    ])
    expect(JSON.stringify(view)).not.toMatch(/471[12]/)
  },
  60_000,
)
