import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAlerts, queryPrometheus, waitForAlert } from '../../src/alerts/index.ts'
import { requires } from '../environment/requires.ts'

test('nobody listening is said, with the address', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  await expect(listAlerts(url)).rejects.toThrow(`${url} does not answer: connect ECONNREFUSED`)
  const waited = await waitForAlert(url, { alertname: 'A' }, { state: 'resolved', timeout: 300 })
  expect(waited).toMatchObject({ reached: false, reason: expect.stringContaining('does not answer') })
})

describe.runIf(requires('clients of Prometheus and Alertmanager', ['prometheus', 'prometheus-alertmanager']))(
  'real servers',
  () => {
    const children: ChildProcess[] = []
    let folder: string
    let alertmanager: string
    let prometheus: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'alert-clients-'))
      alertmanager = `http://127.0.0.1:${await freePort()}`
      prometheus = `http://127.0.0.1:${await freePort()}`
      await writeFile(
        join(folder, 'alertmanager.yml'),
        'route: { receiver: none, group_wait: 0s }\nreceivers: [{ name: none }]\n',
      )
      await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n')
      start('prometheus-alertmanager', [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=${new URL(alertmanager).host}`,
        '--cluster.listen-address=',
      ])
      start('prometheus', [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--web.listen-address=${new URL(prometheus).host}`,
      ])
      const ready = async (url: string) => expect((await fetch(`${url}/-/ready`)).status).toBe(200)
      for (const url of [alertmanager, prometheus]) await vi.waitFor(() => ready(url), { timeout: 60_000 })
    })

    afterAll(async () => {
      for (const child of children) child.kill()
      await Promise.all(children.map(child => child.exitCode === null && once(child, 'exit')))
      await rm(folder, { recursive: true, force: true })
    })

    test('alerts are listed by labels, whatever is in them', async () => {
      await post({ alertname: 'A', path: 'C:\\new "x"' }, 60)
      await post({ alertname: 'B' }, 60)
      const matcher = { alertname: 'A', path: 'C:\\new "x"' }
      await expect.poll(() => listAlerts(alertmanager, matcher), { timeout: 10_000 }).toHaveLength(1)
      const [alert] = await listAlerts(alertmanager, matcher)
      expect(alert).toMatchObject({ labels: matcher, annotations: { summary: 'a summary' } })
      expect(alert?.startsAt.getTime()).toBeLessThanOrEqual(Date.now())
      expect(await listAlerts(alertmanager, { alertname: 'C' })).toEqual([])
      expect((await listAlerts(`${alertmanager}/`)).length).toBeGreaterThanOrEqual(2)
    })

    test('a wait ends when the alert fires, and when it resolves', async () => {
      const matcher = { alertname: 'Wait' }
      const firing = waitForAlert(alertmanager, matcher, { state: 'firing', timeout: 20_000 })
      setTimeout(() => void post(matcher, 60), 500)
      const fired = await firing
      expect(fired).toMatchObject({ reached: true, alerts: [{ labels: matcher }] })
      expect(fired.seconds).toBeGreaterThan(0.4)
      const early = await waitForAlert(alertmanager, matcher, { state: 'resolved', timeout: 300 })
      expect(early).toMatchObject({ reached: false, reason: 'the alert {alertname="Wait"} still fires' })
      await post(matcher, -1)
      expect(await waitForAlert(alertmanager, matcher, { state: 'resolved', timeout: 20_000 })).toMatchObject({
        reached: true,
      })
    })

    test('a wait says what did not happen, and ends by its signal', async () => {
      const waited = await waitForAlert(alertmanager, { alertname: 'Never' }, { state: 'firing', timeout: 300 })
      expect(waited).toMatchObject({ reached: false, reason: 'the alert {alertname="Never"} did not fire' })
      const signal = AbortSignal.timeout(200)
      const wait = waitForAlert(alertmanager, { alertname: 'Never' }, { state: 'firing', timeout: 60_000, signal })
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

    function start(program: string, args: readonly string[]): void {
      children.push(spawn(program, args, { stdio: 'ignore' }))
    }

    async function post(labels: Readonly<Record<string, string>>, seconds: number): Promise<void> {
      const endsAt = new Date(Date.now() + seconds * 1000).toISOString()
      const startsAt = new Date(Date.now() - 5000).toISOString()
      const body = JSON.stringify([{ labels, annotations: { summary: 'a summary' }, startsAt, endsAt }])
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${alertmanager}/api/v2/alerts`, { method: 'POST', headers, body })
      expect(response.status).toBe(200)
    }
  },
)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
