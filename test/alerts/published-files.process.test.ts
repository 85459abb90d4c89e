import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { collectMetrics } from '../../scripts/references/collect-metrics.ts'
import { readRules } from '../../src/alerts/index.ts'
import { requires } from '../environment/requires.ts'
import { listQueries } from './dashboard.ts'

const run = promisify(execFile)
const FOLDER = 'static/monitoring'
const RULES = 'upload-bridge.rules.yaml'
const CONFIGURATION = 'prometheus.example.yaml'

/** Every series that there is: of the metrics of both processes, recorded by the rules, and Prometheus' own. */
async function listSeries(): Promise<Set<string>> {
  const metrics = (await collectMetrics()).flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
  const { rules } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
  return new Set([...metrics, ...rules.flatMap(rule => (rule.kind === 'record' ? [rule.record] : [])), 'up'])
}

const namesIn = (query: string) =>
  query
    .replace(/"[^"]*"/g, '')
    .replace(/\b(?:by|on|without) \([^)]*\)/g, '')
    .match(/(?<![\w:])(?:upload_bridge|nodejs|process|version:|instance:)[\w:]*|\bup\b/g) ?? []

test('the metrics of both processes are known, with their labels', async () => {
  const metrics = await collectMetrics()
  const of = (name: string) => metrics.find(metric => metric.name === name)
  expect(of('upload_bridge_http_requests_total')).toMatchObject({
    type: 'counter',
    labels: ['method', 'route', 'code', 'version', 'synthetic'],
    programs: ['API'],
  })
  expect(of('upload_bridge_delivery_duration_seconds')).toMatchObject({ type: 'histogram', programs: ['worker'] })
  expect(of('upload_bridge_build_info')).toMatchObject({ labels: ['version'], programs: ['API', 'worker'] })
  expect(metrics.filter(({ help }) => help === '')).toEqual([])
})

test('the dashboard and the rules ask only for series that there are', async () => {
  const series = await listSeries()
  const queries = listQueries()
  expect(queries.length).toBeGreaterThan(20)
  const { rules } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
  for (const query of [...queries, ...rules.map(({ expr }) => expr)]) {
    const names = namesIn(query)
    expect(names, query).not.toEqual([])
    expect(
      names.filter(name => !series.has(name)),
      query,
    ).toEqual([])
  }
})

test('the scrape configuration has the jobs that the rules expect', async () => {
  const { scrape_configs: jobs } = parse(await readFile(join(FOLDER, CONFIGURATION), 'utf8'))
  const names = jobs.map(({ job_name: name }: { job_name: string }) => name)
  expect(names).toEqual(['upload-bridge-api', 'upload-bridge-worker'])
})

describe.runIf(requires('the published scrape configuration', ['promtool']))('promtool', () => {
  test('takes the scrape configuration with its rules, and sees a mistake in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scrape-'))
    try {
      await cp(FOLDER, folder, { recursive: true })
      await writeFile(join(folder, 'metrics.key'), 'key')
      const file = join(folder, CONFIGURATION)
      expect((await run('promtool', ['check', 'config', file])).stdout).toContain('SUCCESS')
      await writeFile(file, (await readFile(file, 'utf8')).replace('scrape_interval', 'scrape_intervall'))
      await expect(run('promtool', ['check', 'config', file])).rejects.toMatchObject({ code: 1 })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe.runIf(requires('the published configuration of Alertmanager', ['amtool']))('amtool', () => {
  const CONFIG = join(FOLDER, 'alertmanager.yaml')
  const route = async (...labels: string[]) =>
    (await run('amtool', ['config', 'routes', 'test', `--config.file=${CONFIG}`, ...labels])).stdout.trim()

  test('takes the configuration, and sees a mistake in it', async () => {
    expect((await run('amtool', ['check-config', CONFIG])).stdout).toContain('SUCCESS')
    const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'))
    try {
      const broken = join(folder, 'alertmanager.yaml')
      await writeFile(broken, (await readFile(CONFIG, 'utf8')).replace('receiver: pager', 'receiver: nobody'))
      await expect(run('amtool', ['check-config', broken])).rejects.toMatchObject({ code: 1 })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('every alert has its route: what is critical wakes, the rest is a ticket, the switch goes outside', async () => {
    const { rules } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
    for (const rule of rules) {
      if (rule.kind !== 'alert') continue
      const { severity } = rule.labels
      const expected = severity === 'critical' ? 'pager' : 'tickets'
      expect(await route(`alertname=${rule.alert}`, `severity=${severity}`), rule.alert).toBe(expected)
    }
    expect(await route('alertname=Watchdog', 'severity=none')).toBe('dead-mans-switch')
  })

  test('an alert that leads to another page hides UploadBridgeDownstreamFailing only when it is its cause', async () => {
    const { inhibit_rules: rules } = parse(await readFile(CONFIG, 'utf8'))
    type Inhibition = { source_matchers: string[]; target_matchers: string[] }
    const hiding = rules.filter(({ target_matchers: [target = ''] }: Inhibition) =>
      target.includes('DownstreamFailing'),
    )
    expect(hiding.map(({ source_matchers: [source] }: Inhibition) => source)).toEqual([
      'alertname = UploadBridgeApiDown',
      'alertname = UploadBridgeDatabaseDown',
      'alertname = UploadBridgeWorkerDown',
      'alertname = UploadBridgeDownstreamFailing',
    ])
  })

  test('what it inhibits are alerts that there are, and it holds no secret', async () => {
    const { rules } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
    const alerts = rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
    const text = await readFile(CONFIG, 'utf8')
    const groups = [...text.matchAll(/UploadBridge\(([\w|]+)\)/g)].flatMap(([, names = '']) => names.split('|'))
    const single = [...text.matchAll(/= UploadBridge(\w+)/g)].map(([, name]) => name)
    expect(groups.length).toBeGreaterThan(5)
    for (const name of [...groups, ...single]) expect(alerts).toContain(`UploadBridge${name}`)
    expect(text).not.toMatch(/(?:routing_key|api_url|password|service_key|token): /)
  })
})
