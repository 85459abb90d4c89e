import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPager } from '../../../src/lab/pager/pager.ts'

let now = 0
let server = createPager()
let url = ''

beforeEach(async () => {
  now = 0
  server = createPager(() => new Date(now))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${Object(server.address()).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const tell = (receiver: string, groupKey: string, alerts: Record<string, 'firing' | 'resolved'>) => {
  const list = Object.entries(alerts).map(([alertname, status]) => ({
    status,
    labels: { alertname, severity: 'critical' },
  }))
  return fetch(`${url}/${receiver}`, { method: 'POST', body: JSON.stringify({ groupKey, alerts: list }) })
}
const list = async () => (await (await fetch(url)).json()).notifications

test('repeats and additions are taken for what was told before, until all of it has ended', async () => {
  await tell('pager', 'one', { Slow: 'firing' })
  now = 5000
  await tell('pager', 'one', { Slow: 'resolved', Late: 'firing' })
  await tell('pager', 'one', { Late: 'firing' })
  expect(await list()).toMatchObject([
    { receiver: 'pager', at: new Date(0).toISOString(), alerts: [{ name: 'Slow' }, { name: 'Late' }] },
  ])
  await tell('pager', 'one', { Late: 'resolved' })
  await tell('pager', 'one', { Slow: 'firing' })
  expect(await list()).toMatchObject([
    { ended: new Date(5000).toISOString() },
    { at: new Date(5000).toISOString(), alerts: [{ name: 'Slow', severity: 'critical' }] },
  ])
})

test('another group and another receiver are told on their own, and an end that nobody heard of begins nothing', async () => {
  await tell('pager', 'one', { Slow: 'firing' })
  await tell('pager', 'two', { Down: 'firing' })
  await tell('tickets', 'one', { Slow: 'firing' })
  await tell('tickets', 'three', { Gone: 'resolved' })
  const told = await list()
  expect(told.map(({ receiver, group }: { receiver: string; group: string }) => [receiver, group])).toEqual([
    ['pager', 'one'],
    ['pager', 'two'],
    ['tickets', 'one'],
  ])
})

test('what is no notification is refused', async () => {
  const refused = await fetch(`${url}/pager`, { method: 'POST', body: '{"alerts":[]}' })
  expect(refused.status).toBe(400)
  expect(await list()).toEqual([])
})
