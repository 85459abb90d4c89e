import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAlerts, queryPrometheus } from '../../src/alerts/index.ts'
import { type Lab, labEnvironment, startLab } from '../../src/lab/index.ts'
import { listQueries } from '../alerts/dashboard.ts'
import { requires } from '../environment/requires.ts'
import { buildBundles } from '../lab/bundles.ts'
import { sendFile } from '../lab/uploads.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'

const PAGE = 'docs/monitoring.md'
const LIMIT = 120_000
const runs = provideRuns()

describe.runIf(requires('the monitoring guide', ['prometheus', 'prometheus-alertmanager', 'amtool', 'jq']))(
  'in a lab',
  () => {
    let bundles: Awaited<ReturnType<typeof buildBundles>>
    let directory: string
    let lab: Lab

    beforeAll(async () => {
      bundles = await buildBundles()
      directory = await mkdtemp(join(tmpdir(), 'monitoring-'))
      lab = await startLab({ directory, bundles: bundles.folder, rules: 'static/monitoring', log: () => undefined })
    }, 240_000)

    afterAll(async () => {
      await lab?.down()
      await rm(directory, { recursive: true, force: true })
      await bundles.remove()
    })

    const runPage = (only?: string, params: Record<string, string> = {}) =>
      runs.run(readFileSync(PAGE, 'utf8'), {
        page: PAGE,
        params: { alert: 'UploadBridgeMonitoringTest', silenceFor: '10m', reason: 'a test', ...params },
        environment: labEnvironment(lab.status()),
        cwd: process.cwd(),
        ...(only === undefined ? {} : { only }),
      })

    test('its procedure passes, and leaves neither an alert nor a silence', { timeout: LIMIT }, async () => {
      const run = await runPage()
      expect(run.ending.outcome, tell(run.events).join('\n')).toBe('passed')
      const { alertmanagerUrl = '' } = lab.status()
      await expect.poll(() => listAlerts(alertmanagerUrl), { timeout: 30_000 }).toEqual([])
      expect(await listSilences(alertmanagerUrl)).not.toContain('active')
    })

    test('a silence of a real alert stays', { timeout: LIMIT }, async () => {
      const alert = 'UploadBridgeDownstreamFailing'
      const run = await runPage('silence', { alert })
      expect(run.ending.outcome, tell(run.events).join('\n')).toBe('passed')
      expect(await listSilences(lab.status().alertmanagerUrl ?? '')).toContain('active')
    })

    test('every query of the dashboard gives something after an upload', { timeout: LIMIT }, async () => {
      const { url, prometheusUrl = '' } = lab.status()
      expect((await sendFile(url)).status).toBe(201)
      for (const query of listQueries()) {
        // Whether a delivery is pending right now is chance.
        if (query.includes('oldest_pending')) await queryPrometheus(prometheusUrl, query)
        else
          await expect
            .poll(async () => (await queryPrometheus(prometheusUrl, query)).length, { timeout: 30_000, message: query })
            .toBeGreaterThan(0)
      }
    })

    test('a process that is not reached fails it', { timeout: LIMIT }, async () => {
      await lab.break('worker-unscraped')
      expect((await runPage('targets')).ending.outcome).toBe('failed')
      await lab.heal()
      expect((await runPage('targets')).ending.outcome).toBe('passed')
    })
  },
)

async function listSilences(url: string): Promise<string[]> {
  const silences: { status: { state: string } }[] = JSON.parse(await (await fetch(`${url}/api/v2/silences`)).text())
  return silences.map(({ status }) => status.state)
}
