import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'

/** Milliseconds between two looks of Alertmanager at a group: its `group_interval`. */
const EVERY = 5 * 60_000
const DAY = 24 * 3_600_000

/**
 * What a real Alertmanager sends when each alert of the handbook's own rules begins, and when it ends: for each alert, two webhooks.
 */
export async function recordPayloads() {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-alertmanager-'))
  const payloads = new Map()
  const hook = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const payload = JSON.parse(text)
    const name = payload.commonLabels.alertname
    payloads.set(name, { ...payloads.get(name), [payload.status]: payload })
    response.end()
  })
  const hookPort = await listen(hook)
  const spare = createServer()
  const port = await listen(spare)
  await new Promise(done => spare.close(done))
  const timings = 'group_wait: 0s, group_interval: 1s, repeat_interval: 1h'
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: handbook, group_by: [alertname], ${timings} }
receivers: [{ name: handbook, webhook_configs: [{ url: 'http://127.0.0.1:${hookPort}/' }] }]
`,
  )
  const words = [`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`]
  const alertmanager = spawn(
    'prometheus-alertmanager',
    [...words, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
    { stdio: 'ignore' },
  )
  try {
    const url = `http://127.0.0.1:${port}`
    await until('Alertmanager is ready', async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok)
    const rules = parse(readFileSync('static/monitoring/upload-bridge.rules.yaml', 'utf8'))
    // Some are of two rules: one of them will do.
    const named = new Map(rules.groups.flatMap(({ rules }) => rules).map(rule => [rule.alert, rule]))
    named.delete(undefined)
    const alerts = [...named].map(([alertname, { labels, annotations }]) => ({
      labels: { alertname, instance: '10.0.0.1:9090', ...labels },
      annotations,
    }))
    const hasAll = status => () => [...payloads.values()].filter(of => of[status]).length === alerts.length
    await post(url, alerts)
    await until('every alert was handed over', hasAll('firing'))
    await post(
      url,
      alerts.map(alert => ({ ...alert, endsAt: new Date().toISOString() })),
    )
    await until('every end was handed over', hasAll('resolved'))
  } finally {
    alertmanager.kill()
    if (alertmanager.exitCode === null) await once(alertmanager, 'exit')
    hook.closeAllConnections()
    hook.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return [...payloads.values()]
}

/**
 * The webhooks of one day: each alert begins every other hour, on a host of its own each time, is said to fire once more, and ends after half
 * an hour.
 */
export function* listDay(payloads, day) {
  for (let time = 0; time < DAY; time += EVERY)
    for (const [at, { firing, resolved }] of payloads.entries()) {
      const phase = (time / EVERY + at * 5) % 24
      if (![0, 3, 6].includes(phase)) continue
      const startsAt = new Date(Date.UTC(2026, 0, 1 + day) + time - phase * EVERY)
      const instance = `host-${startsAt.getTime() / EVERY}:9090`
      yield phase === 6
        ? place(resolved, { instance, startsAt, endsAt: new Date(startsAt.getTime() + 6 * EVERY) })
        : place(firing, { instance, startsAt })
    }
}

/** The same webhook for another host and another time. */
function place(payload, { instance, ...times }) {
  const [alert] = payload.alerts
  const labels = { ...alert.labels, instance }
  const fingerprint = createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16)
  return { ...payload, commonLabels: labels, alerts: [{ ...alert, labels, ...times, fingerprint }] }
}

async function listen(server) {
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  return server.address().port
}

async function post(url, alerts) {
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) })
  if (status !== 200) throw new Error(`Alertmanager refused the alerts with ${status}`)
}

async function until(what, holds) {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 600) throw new Error(`it was waited in vain until ${what}`)
    await sleep(100)
  }
}
