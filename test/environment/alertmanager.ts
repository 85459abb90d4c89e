import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

/** A real Alertmanager that sends its alerts to nobody. */
export interface RunningAlertmanager {
  readonly url: string
  /** Tells it of an alert that began 5 s ago and ends in so many seconds. */
  post(labels: Readonly<Record<string, string>>, seconds: number): Promise<void>
  /** Silences every alert of this name. */
  silence(alertname: string): Promise<void>
  stop(): Promise<void>
}

/** On a free port, and on another one when somebody was faster: whoever answers there may be the Alertmanager of another test. */
async function startOn(folder: string): Promise<{ child: ChildProcess; url: string }> {
  for (;;) {
    const url = `http://127.0.0.1:${await freePort()}`
    const child = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${new URL(url).host}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    )
    const readConfig = async () => {
      if (child.exitCode !== null) return ''
      expect((await fetch(`${url}/-/ready`)).status).toBe(200)
      return (await fetch(`${url}/api/v2/status`)).text()
    }
    // Its configuration names its folder.
    if ((await vi.waitFor(readConfig, { timeout: 60_000 })).includes(folder)) return { child, url }
    child.kill()
  }
}

/** Starts one on a free port, and waits until it is ready; `config` adds to its routes, which tell nobody, or `routes` replaces them. */
export async function startAlertmanager(
  config = '',
  routes = 'route: { receiver: none, group_wait: 0s }\nreceivers: [{ name: none }]',
): Promise<RunningAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'))
  await writeFile(join(folder, 'alertmanager.yml'), `templates: ['${folder}/*.tmpl']\n${routes}\n${config}`)
  const { child, url } = await startOn(folder)
  return {
    url,
    async post(labels, seconds) {
      const endsAt = new Date(Date.now() + seconds * 1000).toISOString()
      const startsAt = new Date(Date.now() - 5000).toISOString()
      const body = JSON.stringify([{ labels, annotations: { summary: 'a summary' }, startsAt, endsAt }])
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body })
      expect(response.status).toBe(200)
    },
    async silence(alertname) {
      const matchers = [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }]
      const span = { startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 3_600_000).toISOString() }
      const body = JSON.stringify({ matchers, ...span, createdBy: 'a test', comment: 'work goes on' })
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body })
      expect(response.status).toBe(200)
      const isSilent = async () => {
        const answer = await fetch(`${url}/api/v2/silences`)
        expect(JSON.stringify(await answer.json())).toContain(alertname)
      }
      await vi.waitFor(isSilent, { timeout: 10_000 })
    },
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port of this machine on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
