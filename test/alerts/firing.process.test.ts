import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { askFiring, listFiring, waitForAlert } from '../../src/alerts/index.ts'
import { freePort, type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'

/** Somebody who answers every question with this, and notes what was asked. */
async function answerWith(status: number, body: string): Promise<{ url: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked }
}

test('that there is nobody to ask, or that nobody answers, is an answer', async () => {
  expect(await askFiring(undefined)).toEqual({ asked: 'nobody' })
  const url = `http://127.0.0.1:${await freePort()}`
  expect(await askFiring(url)).toEqual({
    asked: 'no-answer',
    at: expect.any(String),
    why: expect.stringContaining(`${url} does not answer`),
  })
})

test.each([
  [503, '[]', 'answered 503'],
  [200, '<html>', 'Unexpected token'],
  [200, '{"status":"success"}', 'did not answer with a list of alerts'],
  [200, '["an alert"]', 'an alert that is not an object'],
  [200, '[{"labels":{},"status":{"state":"active"}}]', 'an alert without a name'],
  [200, '', '/api/v2/alerts did not answer with JSON'],
])('an answer that says nothing of alerts is none: %s %s', async (status, body, why) => {
  const { url } = await answerWith(status, body)
  expect(await askFiring(url)).toEqual({
    asked: 'no-answer',
    at: expect.any(String),
    why: expect.stringContaining(why),
  })
})

test('a password in the address is used, and never told', async () => {
  const { url, asked } = await answerWith(401, 'no')
  const answer = await askFiring(url.replace('//', '//ann:hunter%2022@'))
  expect(asked).toEqual([`Basic ${Buffer.from('ann:hunter 22').toString('base64')}`])
  expect(answer).toMatchObject({ asked: 'no-answer', why: expect.stringContaining('answered 401') })
  expect(JSON.stringify(answer)).not.toContain('hunter')
})

test('a state that is not known fires, and nobody is said to be told', async () => {
  const alert = (name: string, status: unknown) => ({ labels: { alertname: name }, status })
  const alerts = [
    alert('Muted', { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['night'] }),
    alert('New', { state: 'unprocessed', silencedBy: [], inhibitedBy: [] }),
    alert('Other', {}),
  ]
  const { url } = await answerWith(200, JSON.stringify(alerts))
  expect((await listFiring(url)).map(({ name, quiet }) => [name, quiet])).toEqual([
    ['New', undefined],
    ['Other', undefined],
    ['Muted', 'muted'],
  ])
})

const INHIBIT = `inhibit_rules: [{ source_matchers: ['alertname="Cause"'], target_matchers: ['alertname="Follows"'] }]\n`

describe.runIf(requires('what fires', ['prometheus-alertmanager']))('a real Alertmanager', () => {
  let manager: RunningAlertmanager
  beforeAll(async () => {
    manager = await startAlertmanager(INHIBIT)
  })
  afterAll(() => manager.stop())

  const list = async () =>
    (await listFiring(manager.url)).map(({ name, labels, quiet }) => `${name} ${labels.at ?? ''} ${quiet ?? 'told'}`)

  test('silenced and inhibited alerts fire, and are marked; resolved ones do not', async () => {
    await manager.silence('Quiet')
    for (const alertname of ['Told', 'Quiet', 'Cause', 'Follows']) await manager.post({ alertname, at: 'a' }, 300)
    await manager.post({ alertname: 'Over', at: 'a' }, -1)
    await expect
      .poll(async () => (await list()).toSorted(), { timeout: 15_000 })
      .toEqual(['Cause a told', 'Follows a inhibited', 'Quiet a silenced', 'Told a told'])
    expect((await list()).slice(0, 2).toSorted()).toEqual(['Cause a told', 'Told a told'])
    expect(await askFiring(manager.url, { alertname: 'Quiet' })).toMatchObject({
      asked: 'answered',
      firing: [{ name: 'Quiet', quiet: 'silenced' }],
    })
  })

  test('a wait takes a silenced alert for one that fires, and says that it is silenced', async () => {
    await manager.silence('Waited')
    await manager.post({ alertname: 'Waited' }, 300)
    const fired = await waitForAlert(manager.url, { alertname: 'Waited' }, { state: 'firing', timeout: 20_000 })
    expect(fired).toMatchObject({ reached: true, alerts: [{ name: 'Waited' }] })
    await expect
      .poll(() => listFiring(manager.url, { alertname: 'Waited' }), { timeout: 15_000 })
      .toMatchObject([{ quiet: 'silenced' }])
    expect(await waitForAlert(manager.url, { alertname: 'Waited' }, { state: 'resolved', timeout: 300 })).toMatchObject(
      { reached: false, reason: 'the alert {alertname="Waited"} still fires, and is silenced' },
    )
  })
})
