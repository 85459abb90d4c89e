import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findSignal } from '../../src/drill/watch-signal.ts'

let status = 200
const server = createServer((_, response) => void response.writeHead(status).end())
let url = ''
const { signal: stop } = new AbortController()

beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${Object(server.address()).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

test('an alert that always fires is told by its silence, every other one by Alertmanager', () => {
  const lab = { alertmanagerUrl: 'http://127.0.0.1:1', deadMansSwitch: { alert: 'Watchdog', url } }
  expect(findSignal('Watchdog', lab)?.kind).toBe('dead-mans-switch')
  expect(findSignal('Other', lab)?.kind).toBe('alertmanager')
  expect(findSignal('Other', { deadMansSwitch: lab.deadMansSwitch })).toBeUndefined()
  expect(findSignal(undefined, lab)).toBeUndefined()
})

test('a wait ends when the alert stopped, and when it arrives again, or says why not', async () => {
  const signal = findSignal('Watchdog', { deadMansSwitch: { alert: 'Watchdog', url } })
  status = 200
  expect(await signal?.wait('firing', 300, stop)).toEqual({ reached: false, reason: 'Watchdog goes on to arrive' })
  status = 503
  expect(await signal?.wait('firing', 300, stop)).toEqual({ reached: true })
  expect(await signal?.wait('resolved', 300, stop)).toMatchObject({
    reason: expect.stringContaining('does not arrive'),
  })
  status = 404
  expect(await signal?.wait('resolved', 300, stop)).toMatchObject({ reason: expect.stringContaining('answered 404') })
  status = 200
  expect(await signal?.wait('resolved', 300, stop)).toEqual({ reached: true })
})
