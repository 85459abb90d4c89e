import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { freePort } from '../environment/alertmanager.ts'
import { type Series, startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { readText, readValue } from './provide-lab.ts'

const PAGE = 'docs/incidents/index.md'
const runs = provideRuns()

function measure(prometheusUrl: string): Promise<DoneRun> {
  const environment = { prometheusUrl, target: { prometheusUrl } }
  return runs.run(readFileSync(PAGE, 'utf8'), { page: PAGE, only: 'severity', environment })
}

/** What Prometheus remembers of a deployment that is well. */
const WELL: Readonly<Record<string, Series[1]>> = {
  'up{job="upload-bridge-api"}': () => 1,
  'upload_bridge_database_up{job="upload-bridge-api"}': () => 1,
  'upload_bridge_deliveries_pending{job="upload-bridge-api"}': () => 0,
  'version:upload_bridge_upload_errors:ratio_rate5m{version="1.0.0"}': () => 0.001,
  'instance:upload_bridge_storage_available:ratio{instance="a"}': () => 0.5,
  'upload_bridge_http_requests_total{route="/files/",code="201"}': ago => 100 * (3600 - ago),
}
const [UP, DATABASE, PENDING, ERRORS, ROOM, TAKEN] = [
  'up{job="upload-bridge-api"}',
  'upload_bridge_database_up{job="upload-bridge-api"}',
  'upload_bridge_deliveries_pending{job="upload-bridge-api"}',
  'version:upload_bridge_upload_errors:ratio_rate5m{version="1.0.0"}',
  'instance:upload_bridge_storage_available:ratio{instance="a"}',
  'upload_bridge_http_requests_total{route="/files/",code="201"}',
] as const
const REFUSED = TAKEN.replace('201', '503')
const OLDEST = 'upload_bridge_deliveries_oldest_pending_timestamp_seconds{job="upload-bridge-api"}'
const CRITICAL = 'ALERTS{alertname="A",alertstate="firing",severity="critical"}'
const never = () => undefined
/** Off since so many seconds. */
const offSince = (seconds: number) => (ago: number) => (ago <= seconds ? 0 : 1)
/** A time stamp of so many seconds before the test. */
const since = (seconds: number) => () => Math.round(Date.now() / 1000) - seconds

async function measureOf(different: Readonly<Record<string, Series[1]>>): Promise<DoneRun> {
  const prometheus = await startPrometheus(Object.entries({ ...WELL, ...different }))
  try {
    return await measure(prometheus.url)
  } finally {
    await prometheus.stop()
  }
}

describe.runIf(requires('how bad it is by the numbers', ['prometheus', 'promtool']))('in Prometheus', () => {
  test.concurrent.each<[string, Readonly<Record<string, Series[1]>>, string]>([
    ['all is well', {}, 'none'],
    ['a critical alert fires', { [CRITICAL]: () => 1 }, 'SEV3'],
    ['deliveries wait, and not long', { [PENDING]: () => 3, [OLDEST]: since(60) }, 'none'],
    ['a delivery waits for long', { [PENDING]: () => 3, [OLDEST]: since(3600) }, 'SEV2'],
    ['the volume is nearly full', { [ROOM]: () => 0.02 }, 'SEV2'],
    ['one of two volumes is nearly full', { [ROOM.replace('"a"', '"b"')]: () => 0.02 }, 'SEV2'],
    ['some uploads fail', { [ERRORS]: () => 0.02 }, 'SEV2'],
    ['many uploads fail', { [ERRORS]: () => 0.2 }, 'SEV1'],
    ['many fail at one of two releases', { [ERRORS.replace('1.0.0', '2.0.0')]: () => 0.2 }, 'SEV1'],
    ['the API is gone, not yet for 5 min', { [UP]: offSince(200) }, 'none'],
    ['the API was gone, and is back', { [UP]: ago => (ago < 30 ? 1 : 0) }, 'none'],
    ['the API was there for a minute between', { [UP]: ago => (ago > 100 && ago < 160 ? 1 : 0) }, 'none'],
    ['some uploads are refused, for maintenance', { [REFUSED]: ago => 3 * (3600 - ago) }, 'SEV2'],
    ['all uploads are refused, for maintenance', { [TAKEN]: () => 7, [REFUSED]: ago => 3 * (3600 - ago) }, 'SEV1'],
    ['no database for 5 min, so no number of deliveries', { [DATABASE]: () => 0, [PENDING]: never }, 'SEV1'],
    [
      'no API for 5 min, so none of its numbers',
      { [UP]: offSince(600), [DATABASE]: never, [PENDING]: never, [ERRORS]: never, [ROOM]: never, [TAKEN]: never },
      'SEV1',
    ],
  ])('%s', { timeout: 60_000 }, async (_, different, severity) => {
    const run = await measureOf(different)
    expect(readValue(run, 'severity'), readText(run)).toEqual({ severity })
    expect(run.ending.outcome).toBe('passed')
  })

  test.concurrent.each<[string, Readonly<Record<string, Series[1]>>, RegExp]>([
    [
      'it remembers nothing',
      Object.fromEntries(Object.keys(WELL).map(name => [name, never])),
      /unknown\. .*no API answers/,
    ],
    [
      'nobody uploads',
      { [ERRORS]: () => Number.NaN, [TAKEN]: () => 7 },
      /unknown\. .* upload requests of the last 5 min, by release, upload requests of the last 5 min:/,
    ],
    ['it has no rules', { [ERRORS]: never, [ROOM]: never }, /unknown\. .*room on the volume/],
    ['it does not scrape the API', { [UP]: never }, /unknown\. .*no API answers/],
    ['the database has just gone', { [DATABASE]: offSince(60), [PENDING]: never }, /unknown\. .*deliveries that wait/],
    ['deliveries wait since nobody knows when', { [PENDING]: () => 3 }, /unknown\. .*waits longest/],
    [
      'the API was gone before it remembers',
      { [UP]: ago => (ago < 240 ? 0 : undefined) },
      /unknown\. .*no API answers 5 min ago/,
    ],
    [
      'some of it is bad enough',
      { [DATABASE]: never, [ROOM]: () => 0.02 },
      /unknown, but SEV2 at least\. .*no database/,
    ],
  ])('%s: the row is unknown', { timeout: 60_000 }, async (_, different, message) => {
    const run = await measureOf(different)
    expect(run.ending.outcome).toBe('failed')
    expect(readValue(run, 'severity')).toBeUndefined()
    const failed = run.events.find(event => event.type === 'step.finished')
    expect(failed).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(message) } })
    expect(readText(run)).not.toContain('Severity by the numbers')
  })
})

test('a Prometheus that does not answer leaves it unknown', async () => {
  const run = await measure(`http://127.0.0.1:${await freePort()}`)
  expect(run.ending.outcome).toBe('failed')
  const failed = run.events.find(event => event.type === 'step.finished')
  expect(failed).toMatchObject({ error: { message: expect.stringContaining('Severity by the numbers: unknown. ') } })
  expect(readText(run)).toContain('does not answer')
})

test('a service that does not answer either is SEV2 at least', async () => {
  const prometheusUrl = `http://127.0.0.1:${await freePort()}`
  const environment = { prometheusUrl, target: { prometheusUrl, url: prometheusUrl } }
  const run = await runs.run(readFileSync(PAGE, 'utf8'), { page: PAGE, only: 'severity', environment })
  const failed = run.events.find(event => event.type === 'step.finished')
  expect(failed).toMatchObject({ error: { message: expect.stringContaining('unknown, but SEV2 at least. ') } })
})

test('without a Prometheus nothing is said of it', async () => {
  const run = await runs.run(readFileSync(PAGE, 'utf8'), { page: PAGE, only: 'severity', environment: { target: {} } })
  expect(run.events.find(event => event.type === 'step.finished')).toMatchObject({ status: 'skipped' })
})
