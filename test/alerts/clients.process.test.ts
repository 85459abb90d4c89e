import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAlerts, queryPrometheus, waitForAlert } from '../../src/alerts/index.ts'
import { freePort, type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'

test('nobody listening is said, with the address', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  await expect(listAlerts(url)).rejects.toThrow(`${url} does not answer: connect ECONNREFUSED`)
  const waited = await waitForAlert(url, { alertname: 'A' }, { state: 'resolved', timeout: 300 })
  expect(waited).toMatchObject({ reached: false, reason: expect.stringContaining('does not answer') })
})

test('a redirect is no answer of the server that was asked, wherever it leads', async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api')) response.writeHead(302, { location: '/login?next=%2Fapi&key=hidden' }).end()
    else response.setHeader('content-type', 'application/json').end('[]')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  try {
    await expect(listAlerts(url)).rejects.toThrow(
      `${url}/api/v2/alerts answered 302: it leads to ${url}/login. Name the server that answers`,
    )
  } finally {
    await new Promise(resolve => server.close(resolve))
  }
})

describe.runIf(requires('clients of Prometheus and Alertmanager', ['prometheus', 'prometheus-alertmanager']))(
  'real servers',
  () => {
    let server: ChildProcess
    let folder: string
    let manager: RunningAlertmanager
    let prometheus: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'alert-clients-'))
      prometheus = `http://127.0.0.1:${await freePort()}`
      await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n')
      server = spawn(
        'prometheus',
        [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'prometheus')}`,
          `--web.listen-address=${new URL(prometheus).host}`,
        ],
        { stdio: 'ignore' },
      )
      manager = await startAlertmanager()
      const ready = async () => expect((await fetch(`${prometheus}/-/ready`)).status).toBe(200)
      await vi.waitFor(ready, { timeout: 60_000 })
    })

    afterAll(async () => {
      server.kill()
      if (server.exitCode === null) await once(server, 'exit')
      await manager.stop()
      await rm(folder, { recursive: true, force: true })
    })

    test('alerts are listed by labels, whatever is in them', async () => {
      await manager.post({ alertname: 'A', path: 'C:\\new "x"' }, 60)
      await manager.post({ alertname: 'B' }, 60)
      const matcher = { alertname: 'A', path: 'C:\\new "x"' }
      await expect.poll(() => listAlerts(manager.url, matcher), { timeout: 10_000 }).toHaveLength(1)
      const [alert] = await listAlerts(manager.url, matcher)
      expect(alert).toMatchObject({ labels: matcher, annotations: { summary: 'a summary' } })
      expect(alert?.startsAt.getTime()).toBeLessThanOrEqual(Date.now())
      expect(await listAlerts(manager.url, { alertname: 'C' })).toEqual([])
      expect((await listAlerts(`${manager.url}/`)).length).toBeGreaterThanOrEqual(2)
    })

    test('a wait ends when the alert fires, and when it resolves', async () => {
      const matcher = { alertname: 'Wait' }
      const firing = waitForAlert(manager.url, matcher, { state: 'firing', timeout: 20_000 })
      setTimeout(() => void manager.post(matcher, 60), 500)
      const fired = await firing
      expect(fired).toMatchObject({ reached: true, alerts: [{ labels: matcher }] })
      expect(fired.seconds).toBeGreaterThan(0)
      const early = await waitForAlert(manager.url, matcher, { state: 'resolved', timeout: 300 })
      expect(early).toMatchObject({ reached: false, reason: 'the alert {alertname="Wait"} still fires' })
      await manager.post(matcher, -1)
      expect(await waitForAlert(manager.url, matcher, { state: 'resolved', timeout: 20_000 })).toMatchObject({
        reached: true,
      })
    })

    test('a wait says what did not happen, and ends by its signal', async () => {
      const waited = await waitForAlert(manager.url, { alertname: 'Never' }, { state: 'firing', timeout: 300 })
      expect(waited).toMatchObject({ reached: false, reason: 'the alert {alertname="Never"} did not fire' })
      const signal = AbortSignal.timeout(200)
      const wait = waitForAlert(manager.url, { alertname: 'Never' }, { state: 'firing', timeout: 60_000, signal })
      await expect(wait).rejects.toMatchObject({ name: 'TimeoutError' })
    })

    test('PromQL gives a typed vector, a scalar one sample, and a bad expression its reason', async () => {
      const vector = 'label_replace(vector(1.5), "a", "b", "", "")'
      expect(await queryPrometheus(prometheus, vector)).toMatchObject([{ labels: { a: 'b' }, value: 1.5 }])
      expect(await queryPrometheus(prometheus, '-1 / 0')).toMatchObject([
        { labels: {}, value: Number.NEGATIVE_INFINITY },
      ])
      const [now] = await queryPrometheus(prometheus, 'time()')
      expect(now?.time.getTime()).toBeCloseTo((now?.value ?? 0) * 1000, -2)
      expect(await queryPrometheus(prometheus, 'no_such_series')).toEqual([])
      await expect(queryPrometheus(prometheus, 'rate(x)')).rejects.toThrow(/answered 400.*expected type range vector/)
      await expect(queryPrometheus(prometheus, '"text"')).rejects.toThrow('gives a string')
    })
  },
)
