import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Series, startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { readText } from './provide-lab.ts'

const PAGE = 'docs/operations/capacity.md'
const GIB = 2 ** 30
const DAY = 86_400
const runs = provideRuns()

/** What the page says of a volume of 100 GiB with a reserve of 10 GiB, and so much room so many days ago. */
async function forecast(roomAt: (daysAgo: number) => number, remembered = 4, days = 4) {
  const folder = mkdtempSync(join(tmpdir(), 'capacity-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = JSON.stringify({ keys: [{ key: 'storage.reserve', value: 10 * GIB }] })
  writeFileSync(join(folder, 'bridgectl'), `#!/bin/sh\necho '${config}'\n`)
  chmodSync(join(folder, 'bridgectl'), 0o755)
  const series: readonly Series[] = [
    ['upload_bridge_storage_available_bytes{instance="a"}', ago => GIB * roomAt(ago / DAY)],
    ['upload_bridge_storage_size_bytes{instance="a"}', () => 100 * GIB],
  ]
  const { url: prometheusUrl, stop } = await startPrometheus(series, { span: remembered * DAY, every: 240 })
  onTestFinished(stop)
  const environment = { prometheusUrl, target: { prometheusUrl }, path: [folder] }
  const run = await runs.run(readFileSync(PAGE, 'utf8'), { page: PAGE, only: 'volume', environment, params: { days } })
  return { said: readText(run), end: run.events.find(event => event.type === 'step.finished') }
}

describe.runIf(requires('the forecast of the room', ['prometheus', 'promtool']))('the room on a volume', () => {
  test('that shrinks by 1 GiB a day lasts until the reserve', { timeout: 180_000 }, async () => {
    const { said, end } = await forecast(days => 70 + days)
    expect(end).toMatchObject({ status: 'passed' })
    expect(said).toContain('It grows by 1.0 GiB a day: the reserve is reached in 60 days')
  })

  test('that ends before it can be enlarged is to be enlarged now', { timeout: 180_000 }, async () => {
    const { end } = await forecast(days => 15 + days)
    expect(end).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('Order more room now: 5 days') },
    })
  })

  test('that an order after the next look would enlarge too late is to be enlarged now', {
    timeout: 180_000,
  }, async () => {
    const { end } = await forecast(days => 40 + days)
    expect(end).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('30 days are left, it takes 10, and the next look is in 31') },
    })
  })

  test('that becomes more is no matter', { timeout: 180_000 }, async () => {
    const { said, end } = await forecast(days => 50 - days)
    expect(end).toMatchObject({ status: 'passed' })
    expect(said).toContain('It did not grow in 4 days')
  })

  test('is unknown where only two days are remembered', { timeout: 180_000 }, async () => {
    const { end } = await forecast(days => 40 + days, 2, 14)
    expect(end).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('nothing is known of the growth') },
    })
  })
})
