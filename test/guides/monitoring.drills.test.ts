import { describe, expect, test } from 'vitest'
import { queryPrometheus } from '../../src/alerts/index.ts'
import { listQueries } from '../alerts/dashboard.ts'
import { requires } from '../environment/requires.ts'
import { listRealAlerts } from '../lab/real-alerts.ts'
import { sendFile } from '../lab/uploads.ts'
import { tell } from '../runner/run-page.ts'
import { provideLab, readValue } from './provide-lab.ts'

const PAGE = 'docs/monitoring.md'
const LIMIT = 120_000

describe.runIf(requires('the monitoring guide', ['prometheus', 'prometheus-alertmanager', 'amtool', 'jq']))(
  'in a lab',
  () => {
    const { lab, run } = provideLab({ monitoring: true })

    const runPage = (only?: string, params: Record<string, string> = {}) =>
      run(PAGE, { alert: 'UploadBridgeMonitoringTest', silenceFor: '10m', reason: 'a test', ...params }, only)

    test('its procedure passes, and leaves neither an alert nor a silence', { timeout: LIMIT }, async () => {
      const done = await runPage()
      expect(done.ending.outcome, tell(done.events).join('\n')).toBe('passed')
      const { alertmanagerUrl = '' } = lab().status()
      await expect.poll(() => listRealAlerts(alertmanagerUrl), { timeout: 30_000 }).toEqual([])
      expect(await listSilences(alertmanagerUrl)).not.toContain('active')
    })

    test('a silence of a real alert stays', { timeout: LIMIT }, async () => {
      const alert = 'UploadBridgeDownstreamFailing'
      const done = await runPage('silence', { alert })
      expect(done.ending.outcome, tell(done.events).join('\n')).toBe('passed')
      expect(await listSilences(lab().status().alertmanagerUrl ?? '')).toContain('active')
    })

    test('every query of the dashboard gives something after an upload', { timeout: LIMIT }, async () => {
      const { url, prometheusUrl = '' } = lab().status()
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

    test('refusals for maintenance use up no error budget', { timeout: LIMIT }, async () => {
      const { url, prometheusUrl = '' } = lab().status()
      await lab().break('admission-closed')
      try {
        for (let upload = 0; upload < 10; upload++) expect((await sendFile(url)).status).toBe(503)
        const refused = 'upload_bridge_uploads_rejected_total{reason="maintenance"}'
        const seen = async () => (await queryPrometheus(prometheusUrl, refused))[0]?.value
        await expect.poll(seen, { timeout: 30_000 }).toBe(10)
        expect(readValue(await run('docs/operations/weekly.md', {}, 'budget'), 'budget')).toEqual({ week: 0, left: 1 })
      } finally {
        await lab().heal()
      }
    })

    test('a process that is not reached fails it', { timeout: LIMIT }, async () => {
      await lab().break('worker-unscraped')
      expect((await runPage('targets')).ending.outcome).toBe('failed')
      await lab().heal()
      expect((await runPage('targets')).ending.outcome).toBe('passed')
    })
  },
)

async function listSilences(url: string): Promise<string[]> {
  const silences: { status: { state: string } }[] = JSON.parse(await (await fetch(`${url}/api/v2/silences`)).text())
  return silences.map(({ status }) => status.state)
}
