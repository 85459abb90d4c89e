import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { IncidentMessage, Now } from '../../src/wire/index.ts'
import { freePort, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, enter, send, YAML } from './live-handbook.ts'

const TOKEN = 'a-token-of-the-webhook'
const CHAT_TOKEN = 'a-token-of-the-chat'
const SLOW = { timeout: 30_000 }

/** An environment that names nobody who could be asked, and a real Alertmanager that hands over what fires there. */
async function setUp() {
  const handbook = await createLiveHandbook(YAML)
  const token = handbook.write('token', TOKEN)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/api/alerts?environment=staging`
  const http = `http_config: { authorization: { credentials_file: "${token}" } }`
  const timings = 'group_wait: 0s, group_interval: 1s, repeat_interval: 1h'
  const manager = await startAlertmanager(
    '',
    `route: { receiver: handbook, group_by: [alertname], ${timings} }\nreceivers: [{ name: handbook, webhook_configs: [{ url: "${url}", ${http} }] }]`,
  )
  onTestFinished(() => manager.stop())
  const noteToken = handbook.write('note-token', CHAT_TOKEN)
  const tokens = ['--webhook-token-file', token, '--note-token-file', noteToken]
  const serve = () => handbook.serve(tokens, {}, port)
  const server = await serve()
  /** What the chat writes, with a key of its choice. */
  const note = (key: string) =>
    send(server.origin, '/api/notes', {
      method: 'POST',
      headers: { authorization: `Bearer ${CHAT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'from outside', by: 'carla', key }),
    })
  return { handbook, manager, serve, server, note, browser: await enter(server.link) }
}

test.runIf(requires('alerts that Alertmanager hands over', ['prometheus-alertmanager']))(
  'what Alertmanager hands over is on the page and in the incident, until its end is handed over, too',
  async () => {
    const { handbook, manager, serve, server, note, browser } = await setUp()
    await manager.post({ alertname: 'ThingFull', severity: 'critical', file: 'customer-4711.pdf' }, 600)
    const now = () => browser.read<Now>('/api/now?environment=staging')
    await expect
      .poll(async () => (await now()).alerts, SLOW)
      .toMatchObject([
        { name: 'ThingFull', severity: 'critical', summary: 'a summary', handedOver: true, page: { id: 'mend' } },
      ])
    expect((await now()).sources).toMatchObject([{ asked: false }, { asked: false }])

    const declared = await browser.press('/api/incidents', { key: 'key-of-this-test', environment: 'staging' })
    const { incident } = JSON.parse(declared.text)
    const look = async () => (await browser.read<IncidentMessage>(`/api/incidents/${incident}`)).incident
    const alerts = async () => (await look()).alerts.map(({ name, ended }) => [name, ended !== undefined])
    expect(await alerts()).toEqual([['ThingFull', false]])
    // What a chat sends stands in the way of no alert, whatever it says that its key is.
    const labels = JSON.stringify(Object.entries({ alertname: 'Later', severity: 'warning' }))
    const id = createHash('sha256').update(labels).digest('hex').slice(0, 12)
    expect((await note(`alert ${id} began 0`)).status).toBe(201)
    await manager.post({ alertname: 'Later', severity: 'warning' }, 600)
    await expect.poll(alerts, SLOW).toEqual([
      ['ThingFull', false],
      ['Later', false],
    ])
    await manager.post({ alertname: 'Later', severity: 'warning' }, -1)
    await expect.poll(alerts, SLOW).toEqual([
      ['ThingFull', false],
      ['Later', true],
    ])
    // A terminal that can ask nobody ends nothing, and neither does a server that was not told.
    expect((await handbook.run('incident', 'show')).stdout).toContain('ThingFull fires')
    server.child.kill('SIGTERM')
    await server.child
    const again = await enter((await serve()).link)
    await expect.poll(async () => (await again.read<Now>('/api/now?environment=staging')).alerts).toEqual([])
    expect(await alerts()).toEqual([
      ['ThingFull', false],
      ['Later', true],
    ])
    await manager.post({ alertname: 'ThingFull', severity: 'critical', file: 'customer-4711.pdf' }, -1)
    await expect.poll(alerts, SLOW).toEqual([
      ['ThingFull', true],
      ['Later', true],
    ])
    const view = await look()
    expect(view.timeline.filter(({ kind }) => kind === 'alert')).toHaveLength(4)
    expect((await handbook.shell(`grep -r 4711 ${join(handbook.cwd, '.handbook')}`)).stdout).toBe('')
  },
  120_000,
)
