import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Series, startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { readValue } from './provide-lab.ts'

const PAGE = 'docs/operations/weekly.md'
const runs = provideRuns()

async function measure(series: readonly Series[]) {
  const { url: prometheusUrl, stop } = await startPrometheus(series)
  onTestFinished(stop)
  const environment = { prometheusUrl, target: { prometheusUrl } }
  return runs.run(readFileSync(PAGE, 'utf8'), { page: PAGE, only: 'budget', environment })
}

const count = (code: number, valueAt: Series[1]): Series => [
  `upload_bridge_http_requests_total{route="/uploads",code="${code}"}`,
  valueAt,
]

describe.runIf(requires('the error budget', ['prometheus', 'promtool']))('the error budget', () => {
  test('is what was not used of it, in a week and in the time of the objective', { timeout: 60_000 }, async () => {
    const run = await measure([count(201, ago => 100_000 - 100 * ago), count(500, () => 7)])
    expect(readValue(run, 'budget')).toEqual({ week: 0, left: 1 })
    const half = await measure([count(201, ago => 2_000_000 - 2000 * ago), count(500, ago => 1000 - ago)])
    const { week, left } = Object(readValue(half, 'budget'))
    expect(left).toBeCloseTo(0.5, 1)
    expect(week).toBeCloseTo(0.5, 1)
  })

  test('that is used up fails the weekly routine', { timeout: 60_000 }, async () => {
    const run = await measure([count(201, ago => 10_000 - ago), count(500, ago => 10_000 - ago)])
    expect(run.events.find(event => event.type === 'step.finished')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/\d{4,} % of a week's budget is used/) },
    })
  })

  test('counts what customers met: no requests of ours', { timeout: 60_000 }, async () => {
    const ours: Series = [
      'upload_bridge_http_requests_total{route="/uploads",code="500",synthetic="true"}',
      ago => 10_000 - ago,
    ]
    const run = await measure([count(201, ago => 10_000 - ago), count(500, () => 0), ours])
    expect(readValue(run, 'budget')).toEqual({ week: 0, left: 1 })
  })

  test('is not full because nothing was counted', { timeout: 60_000 }, async () => {
    const nothing = await measure([])
    expect(nothing.ending.outcome).toBe('failed')
    expect(nothing.events.find(event => event.type === 'step.finished')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('nothing is known of the budget') },
    })
    const idle = await measure([count(201, () => 5), count(500, () => 0)])
    expect(idle.events.find(event => event.type === 'step.finished')).toMatchObject({ status: 'skipped' })
    expect(readValue(idle, 'budget')).toBeUndefined()
  })
})
