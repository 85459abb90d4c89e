import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { listNotified } from '../../../src/drill/list-notified.ts'
import { adaptAlertmanager, WAKING } from '../../../src/lab/monitoring/alertmanager-config.ts'
import { createPager } from '../../../src/lab/pager/pager.ts'
import { startAlertmanager } from '../../environment/alertmanager.ts'
import { requires } from '../../environment/requires.ts'

const { signal: stop } = new AbortController()
const urls = { pagerUrl: 'http://127.0.0.1:1', deadMansSwitchUrl: 'http://127.0.0.1:2' }
const shipped = () => readFile('static/monitoring/alertmanager.yaml', 'utf8')

test('only times and addresses differ from what is shipped', async () => {
  const { receivers, ...adapted } = parse(adaptAlertmanager(await shipped(), { ...urls, timeScale: 60 }))
  const { receivers: before, ...original } = parse(await shipped())
  expect(adapted.inhibit_rules).toEqual(original.inhibit_rules)
  expect(adapted.route).toMatchObject({ group_wait: '1s', group_interval: '5s', repeat_interval: '720s' })
  expect(adapted.route.routes[0]).toMatchObject({ group_wait: '0s', group_interval: '1s', repeat_interval: '5s' })
  expect(withoutTimes(adapted.route)).toEqual(withoutTimes(original.route))
  expect(receivers).toEqual([
    { name: 'pager', webhook_configs: [{ url: 'http://127.0.0.1:1/pager' }] },
    { name: 'tickets', webhook_configs: [{ url: 'http://127.0.0.1:1/tickets' }] },
    { name: 'dead-mans-switch', webhook_configs: [{ url: 'http://127.0.0.1:2', send_resolved: false }] },
  ])
  const names = before.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining([...WAKING]))
})

function withoutTimes(route: unknown): unknown {
  return JSON.parse(JSON.stringify(route, (key, value) => (/^(group|repeat)_(wait|interval)$/.test(key) ? 0 : value)))
}

describe.runIf(requires('notifications of the shipped routes', ['prometheus-alertmanager']))('a real one', () => {
  type Posted = [name: string, severity: string, more?: Record<string, string>]
  const instance = { instance: 'a:8080' }
  test.each<[string, Posted[], [receiver: string, times: number, alerts: string[]][]]>([
    [
      'a database that is down, and what fails without it',
      [
        ['DatabaseDown', 'critical', instance],
        ['ErrorBudgetBurn', 'critical', { version: '1' }],
        ['WorkerDown', 'critical'],
      ],
      [['pager', 1, ['DatabaseDown']]],
    ],
    [
      'uploads that are answered with 503',
      [
        ['UploadsUnavailable', 'critical', instance],
        ['ErrorBudgetBurn', 'critical', { version: '1' }],
      ],
      [['pager', 1, ['UploadsUnavailable']]],
    ],
    [
      'a slow queue, which a downstream that hangs makes, too',
      [
        ['QueueSlow', 'critical'],
        ['DownstreamFailing', 'critical', instance],
        ['BacklogGrowing', 'warning'],
      ],
      [['pager', 1, ['QueueSlow', 'DownstreamFailing']]],
    ],
    [
      'an API that is down, and its volume',
      [
        ['ApiDown', 'critical', instance],
        ['StorageFilling', 'critical', instance],
        ['BackupTooOld', 'warning', instance],
      ],
      [['pager', 1, ['ApiDown']]],
    ],
    [
      'an API that is down, and the volume of another',
      [
        ['ApiDown', 'critical', instance],
        ['StorageFilling', 'critical', { instance: 'b:8080' }],
      ],
      [['pager', 2, ['ApiDown', 'StorageFilling']]],
    ],
    ['a warning', [['LogFlood', 'warning', instance]], [['tickets', 1, ['LogFlood']]]],
  ])('%s', async (_, posted, expected) => {
    const since = new Date()
    const pager = createPager().listen(0, '127.0.0.1')
    await once(pager, 'listening')
    onTestFinished(() => void pager.close())
    const pagerUrl = `http://127.0.0.1:${Object(pager.address()).port}`
    const alertmanager = await startAlertmanager(
      '',
      adaptAlertmanager(await shipped(), { ...urls, pagerUrl, timeScale: 60 }),
    )
    onTestFinished(() => alertmanager.stop())
    for (const [name, severity, more] of posted)
      await alertmanager.post({ alertname: `UploadBridge${name}`, severity, ...more }, 60)
    const told = async () =>
      (await listNotified({ url: pagerUrl, waking: WAKING }, since, stop)).map(({ receiver, times, alerts }) => ({
        receiver,
        times,
        alerts: alerts.map(name => name.replace('UploadBridge', '')).sort(),
      }))
    const wanted = expected.map(([receiver, times, alerts]) => ({ receiver, times, alerts: alerts.sort() }))
    await vi.waitFor(async () => expect(await told()).toEqual(wanted), { timeout: 20_000 })
    // A notification of something later shows that the wait of these is over: nobody was notified of what is hidden.
    await alertmanager.post({ alertname: 'Later', severity: 'critical' }, 60)
    await vi.waitFor(async () => expect(JSON.stringify(await told())).toContain('Later'), { timeout: 20_000 })
    const all = (list: typeof wanted) => list.flatMap(({ alerts }) => alerts).sort()
    expect(all(await told())).toEqual([...all(wanted), 'Later'].sort())
  })
})
