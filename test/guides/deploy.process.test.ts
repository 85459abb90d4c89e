import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Series, startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { readText, readValue } from './provide-lab.ts'

const PAGE = 'docs/deployment/deploy.md'
const LIMIT = 180_000
const runs = provideRuns()

/**
 * A host of the API: its release, the minutes for which it has it, how many of a hundred upload requests a minute it fails, and the minutes
 * since it was started again, if it was.
 */
type Host = readonly [instance: string, version: string, minutes: number, failing?: number, again?: number]

const startOf = ([, , minutes, , again = minutes]: Host, now: number) => now - again * 60

/** What a step of the page says where Prometheus knows these hosts. */
async function look(
  step: 'hosts' | 'left',
  hosts: readonly Host[],
  { reason = '', here }: { reason?: string; here?: Host } = {},
) {
  const now = Math.round(Date.now() / 1000)
  const series = hosts.flatMap((host): readonly Series[] => {
    const [instance, version, minutes, failing] = host
    const api = `job="upload-bridge-api",instance="${instance}"`
    const since = (ago: number) => Math.max(0, minutes * 60 - ago)
    const sent = (code: string, share: number): Series => [
      `upload_bridge_http_requests_total{${api},version="${version}",route="/files/",code="${code}"}`,
      ago => (share * since(ago)) / 60,
    ]
    return [
      [`upload_bridge_build_info{${api},version="${version}"}`, ago => (ago < minutes * 60 ? 1 : undefined)],
      [`process_start_time_seconds{${api}}`, () => startOf(host, now)],
      ...(failing === undefined ? [] : [sent('201', 100 - failing), sent('500', failing)]),
    ]
  })
  const { url: prometheusUrl, stop } = await startPrometheus(series, { span: 7200, every: 15 })
  onTestFinished(stop)
  const metricsUrl = here && (await serve(`process_start_time_seconds ${startOf(here, now)}\n`))
  const environment = {
    prometheusUrl,
    target: { prometheusUrl, ...(metricsUrl === undefined ? {} : { metricsUrl }) },
    secrets: { readKey: { env: 'READ_KEY', for: 'read' as const } },
  }
  const params = { version: '2.0.0', reason }
  const run = await runs.run(
    readFileSync(PAGE, 'utf8').replace("timeout: '2m', every: '1s'", "timeout: '3s', every: '1s'"),
    {
      page: PAGE,
      only: step,
      environment,
      params,
      secrets: { readKey: 'ub_read_only-a-test' },
    },
  )
  return { said: readText(run), end: run.events.find(event => event.type === 'step.finished'), run }
}

/** What this host's API says of itself. */
async function serve(body: string): Promise<string> {
  const server = createServer((_, reply) => reply.end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/metrics`
}

const failedWith = (text: string) => ({ status: 'failed', error: { message: expect.stringContaining(text) } })

describe.runIf(requires('a deployment host by host', ['prometheus', 'promtool']))('host by host', () => {
  test('the first host waits for no other', { timeout: LIMIT }, async () => {
    const { said, end } = await look('hosts', [
      ['a', '1.1.0', 90, 1],
      ['b', '1.1.0', 90, 1],
    ])
    expect(end).toMatchObject({ status: 'skipped', reason: 'no host has 2.0.0 yet: this is the first' })
    expect(said).toContain('a runs 1.1.0\nb runs 1.1.0')
  })

  test.each<[string, Host, string]>([
    ['has it only for minutes', ['b', '2.0.0', 10, 0], 'Not the next host yet: b has it for 10 minutes only'],
    ['fails more than the others', ['b', '2.0.0', 60, 3], 'b fails 3.00 % with it: roll it back there'],
    [
      'was started again',
      ['b', '2.0.0', 60, 0, 10],
      'b was started again 10 minutes ago, with the same release: see why',
    ],
    ['was sent nothing', ['b', '2.0.0', 60], 'b was sent no uploads with it, so nothing is known of it'],
  ])(
    'the next waits while the one before %s, unless a reason says why it cannot',
    { timeout: LIMIT },
    async (_, b, why) => {
      expect((await look('hosts', [['a', '1.1.0', 90, 1], b])).end).toMatchObject(failedWith(why))
      const forced = await look('hosts', [['a', '1.1.0', 90, 1], b], { reason: 'it repairs an incident' })
      expect(forced.end).toMatchObject({ status: 'passed' })
      expect(forced.said).toContain('It goes on, because: it repairs an incident')
    },
  )

  test('the next goes on when the one before is no worse than the old release', { timeout: LIMIT }, async () => {
    const { said, end } = await look('hosts', [
      ['a', '1.1.0', 90, 1],
      ['b', '2.0.0', 60, 0],
    ])
    expect(end, said).toMatchObject({ status: 'passed' })
    expect(said).toMatch(/b has it for (?:59|60) minutes, and failed 0\.00 % of upload requests; others 1\.00 %/)
  })

  test('of two hosts with the release, the one that has it only for minutes is named', { timeout: LIMIT }, async () => {
    const { said, end } = await look('hosts', [
      ['a', '1.1.0', 90, 1],
      ['b', '2.0.0', 60, 0],
      ['c', '2.0.0', 10, 0],
    ])
    expect(end).toMatchObject(failedWith('Not the next host yet: c has it for 10 minutes only.'))
    expect(said).toContain('b has it for 60 minutes, and failed 0.00 %')
  })

  test('where Prometheus knows no host, which release runs is unknown', { timeout: LIMIT }, async () => {
    expect((await look('hosts', [])).end).toMatchObject(failedWith('Prometheus knows of no API'))
  })

  test('at the end it says which hosts are left', { timeout: LIMIT }, async () => {
    const here: Host = ['b', '2.0.0', 60, 0, 1]
    const { said, run } = await look('left', [['a', '1.1.0', 90, 1], here, ['c', '2.0.0', 90, 0]], { here })
    expect(said).toBe('a still runs 1.1.0\n')
    expect(readValue(run, 'left')).toEqual({ left: 1 })
  })

  test('another host with the release is not this one, nor is the process of before', { timeout: LIMIT }, async () => {
    const hosts: Host[] = [
      ['a', '1.1.0', 90, 1],
      ['b', '2.0.0', 60, 0],
    ]
    const { end } = await look('left', hosts, { here: ['a', '2.0.0', 0] })
    expect(end).toMatchObject(failedWith('Prometheus to know that this host runs 2.0.0'))
  })
})

describe('the moment of a deployment', () => {
  /** What the step says where changes are made at these times; it is cut off before it asks anything else. */
  async function judge(quantities: Record<string, string>) {
    const cwd = mkdtempSync(join(tmpdir(), 'handbook-deploy-'))
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
    mkdirSync(join(cwd, 'docs'))
    const file = Object.entries(quantities).map(([id, value]) => `${id}: { is: When, value: "${value}" }\n`)
    writeFileSync(join(cwd, 'docs/quantities.yaml'), file.join('') || '{}')
    const [page = '', rest = ''] = readFileSync(PAGE, 'utf8').split(/const \{ stdout \} = await .*?(?=if \(against)/s)
    const params = { version: '2.0.0', zone: 'Pacific/Auckland' }
    const { events } = await runs.run(page + rest, { page: PAGE, only: 'moment', params, cwd })
    return events.find(event => event.type === 'step.finished')
  }

  test('is good within the times of the quantities, and bad outside of them', async () => {
    expect(await judge({ 'change-days': 'Monday to Sunday', 'change-hours': '00:00 to 24:00' })).toMatchObject({
      status: 'passed',
    })
    expect(await judge({ 'change-days': 'Monday to Sunday', 'change-hours': '24:00 to 24:00' })).toMatchObject(
      failedWith('This is no good moment: it is '),
    )
    expect(await judge({ 'change-days': 'Sunday to Monday', 'change-hours': '00:00 to 24:00' })).toMatchObject(
      failedWith('in Pacific/Auckland. If it cannot wait, say why: --param reason=TEXT'),
    )
  })

  test('is unknown where nobody says when changes are made', async () => {
    expect(await judge({})).toMatchObject(failedWith('docs/quantities.yaml does not say when changes are made'))
  })
})
