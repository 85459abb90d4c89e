import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fillFromAlert } from '../../../src/operate/open/fill-from-alert.ts'
import type { Param } from '../../../src/procedure/index.ts'
import { freePort, type RunningAlertmanager, startAlertmanager } from '../../environment/alertmanager.ts'
import { requires } from '../../environment/requires.ts'

const param = (more: Partial<Param>): Param => ({ name: 'at', type: 'string', secret: false, ...more })

test('without an answer nothing is filled, and that is said', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  expect(await fillFromAlert([param({ label: 'instance' })], 'A', url)).toEqual({
    values: {},
    warnings: ['Alertmanager does not answer: no parameter is filled from A'],
    alert: { name: 'A', asked: 'no-answer', why: expect.stringContaining('does not answer') },
  })
  expect(await fillFromAlert([], 'A', undefined)).toEqual({
    values: {},
    warnings: [],
    alert: { name: 'A', asked: 'nobody' },
  })
  expect(await fillFromAlert([], undefined, url)).toEqual({ values: {}, warnings: [] })
})

test('an Alertmanager that takes a question and never answers is waited for a little, and it is unknown then', async () => {
  const asked: Socket[] = []
  const server = createServer(socket => asked.push(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  try {
    expect(await fillFromAlert([param({ label: 'instance' })], 'A', url, { patience: 500 })).toMatchObject({
      warnings: ['Alertmanager does not answer: no parameter is filled from A'],
      alert: { name: 'A', asked: 'no-answer', why: expect.stringContaining('does not answer') },
    })
    await expect.poll(() => asked.length).toBeGreaterThan(0)
  } finally {
    for (const socket of asked) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  }
})

describe.runIf(requires('parameters from an alert', ['prometheus-alertmanager']))('an alert that fires', () => {
  let manager: RunningAlertmanager

  beforeAll(async () => {
    manager = await startAlertmanager()
    await manager.post({ alertname: 'A', instance: 'db-1.example:9187', volume: '/data' }, 300)
    await manager.post({ alertname: 'Six', instance: '[2001:db8::1]:9187' }, 300)
    const fill = () => fillFromAlert([param({ label: 'instance' })], 'Six', manager.url)
    await vi.waitFor(async () => expect((await fill()).values).toHaveProperty('at'), { timeout: 10_000 })
  })

  afterAll(() => manager.stop())

  test.each([
    ['a text takes its label as it is', 'A', { label: 'instance' }, 'db-1.example:9187'],
    ['a host takes it without the port', 'A', { label: 'instance', type: 'host' }, 'db-1.example'],
    ['and an IPv6 address without its brackets', 'Six', { label: 'instance', type: 'host' }, '2001:db8::1'],
  ] as const)('%s', async (_, alert, more, value) => {
    expect(await fillFromAlert([param(more)], alert, manager.url)).toMatchObject({
      values: { at: value },
      warnings: [],
      alert: { name: alert, asked: 'fires', since: expect.stringMatching(/^20\d\d-/), labels: { alertname: alert } },
    })
  })

  test('an alert that is silenced fires, and that is said', async () => {
    await manager.post({ alertname: 'Quiet', instance: 'db-2:9187' }, 300)
    await manager.silence('Quiet')
    const fill = () => fillFromAlert([param({ label: 'instance' })], 'Quiet', manager.url)
    await expect.poll(fill, { timeout: 10_000 }).toMatchObject({
      values: { at: 'db-2:9187' },
      warnings: ['Quiet fires, and is silenced'],
      alert: { name: 'Quiet', asked: 'fires', quiet: 'silenced' },
    })
  })

  test('a label that does not fit is left out, and that is said', async () => {
    const { values, warnings } = await fillFromAlert([param({ label: 'volume', type: 'host' })], 'A', manager.url)
    expect(values).toEqual({})
    expect(warnings).toEqual(['the label volume of A is /data, and at expects a host name or an IP address'])
  })

  test('a label that it lacks fills nothing', async () => {
    expect(await fillFromAlert([param({ label: 'shard' })], 'A', manager.url)).toMatchObject({
      values: {},
      warnings: [],
    })
  })

  test('one that does not fire is named all the same', async () => {
    const filled = await fillFromAlert([param({ label: 'shard' })], 'Never', manager.url)
    expect(filled).toEqual({ values: {}, warnings: [], alert: { name: 'Never', asked: 'not-firing' } })
  })

  test('parameters that were given say which alert it is', async () => {
    const fill = (at: string) =>
      fillFromAlert([param({ label: 'instance' })], undefined, manager.url, {
        alerts: ['B', 'Six', 'A'],
        given: { at },
      })
    expect((await fill('db-1.example:9187')).alert).toMatchObject({ name: 'A', asked: 'fires' })
    expect((await fill('db-9:9187')).alert).toBeUndefined()
  })
})
