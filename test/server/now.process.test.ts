import { expect, onTestFinished, test } from 'vitest'
import type { Now } from '../../src/wire/index.ts'
import { freePort, startAlertmanager } from '../environment/alertmanager.ts'
import { startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, enter, YAML } from './live-handbook.ts'

/** The same handbook with these addresses of its sources. */
function withSources(sources: string): string {
  return `url: https://ops.example\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { target: { url: "http://staging" }, ${sources} }\n`
}

const NOW = '/api/now/events?environment=staging'

test.runIf(requires('the first screen of the live handbook', ['prometheus', 'prometheus-alertmanager']))(
  'what fires is told by a real Prometheus and Alertmanager, by rank, and blind is said when they are gone',
  async () => {
    const began = Math.round(Date.now() / 1000) - 120
    const manager = await startAlertmanager()
    const prometheus = await startPrometheus([
      ['ALERTS{alertname="Unheard",alertstate="firing",severity="warning"}', () => 1],
      ['ALERTS_FOR_STATE{alertname="Unheard",severity="warning"}', () => began],
      ['ALERTS{alertname="Waits",alertstate="pending",severity="warning"}', () => 1],
      ['ALERTS_FOR_STATE{alertname="Waits",severity="warning"}', () => began],
    ])
    onTestFinished(async () => {
      await manager.stop()
      await prometheus.stop()
    })
    const handbook = await createLiveHandbook(
      withSources(`prometheusUrl: "${prometheus.url}", alertmanagerUrl: "${manager.url}"`),
    )
    await manager.post({ alertname: 'Small', severity: 'info' }, 600)
    await manager.post({ alertname: 'Quiet', severity: 'critical' }, 600)
    await manager.silence('Quiet')
    await manager.post({ alertname: 'ThingFull', severity: 'critical', instance: 'db-7:9100' }, 600)
    const { link } = await handbook.serve()
    const browser = await enter(link)
    const stream = await browser.stream<Now>(NOW)
    const last = () => stream.messages.at(-1)?.data
    await expect
      .poll(() => last()?.alerts.map(({ name }) => name), { timeout: 20_000 })
      .toEqual(['ThingFull', 'Small', 'Quiet', 'Unheard'])
    expect(last()).toMatchObject({
      blind: false,
      sources: [
        { name: 'Prometheus', asked: true, answered: expect.any(String) },
        { name: 'Alertmanager', asked: true, answered: expect.any(String) },
      ],
      alerts: [
        { severity: 'critical', summary: 'a summary', page: { id: 'mend', permalink: '/runbooks/mend' } },
        {},
        { quiet: 'silenced' },
        { quiet: 'not in Alertmanager', since: new Date(began * 1000).toISOString() },
      ],
    })
    // The alert that a run is begun for says so, and fills its parameter.
    const begun = await browser.begin('mend', handbook.hashOf('mend'), { alert: 'ThingFull' })
    const { run } = JSON.parse(begun.text)
    await expect.poll(() => last()?.alerts[0]?.run, { timeout: 20_000 }).toBe(run)
    expect(last()?.underWay).toMatchObject([{ run, procedure: 'mend' }])
    expect(await browser.read(`/api/runs/${run}`)).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({ params: expect.objectContaining({ database: 'db-7' }) }),
      ]),
    })
    await browser.press(`/api/runs/${run}/cancel`, { key: 'cancel-01' })
    await expect.poll(() => last()?.underWay, { timeout: 20_000 }).toEqual([])
    const told = stream.messages.length
    const at = performance.now()
    await expect.poll(() => stream.messages.length, { timeout: 10_000 }).toBeGreaterThan(told)
    expect(performance.now() - at).toBeLessThan(6500)
    await manager.stop()
    await expect.poll(() => last()?.sources[1]?.why, { timeout: 20_000 }).toContain('does not answer')
    // What it said last stays, with its age, until nobody can tell any more.
    expect(last()).toMatchObject({ blind: false, alerts: [{ name: 'ThingFull' }, {}, {}, {}] })
    await expect.poll(() => last()?.blind, { timeout: 45_000 }).toBe(true)
    stream.stop()
  },
  150_000,
)

test('a source that is not named is not asked, and one that never answered leaves us blind', async () => {
  const handbook = await createLiveHandbook(withSources(`alertmanagerUrl: "http://127.0.0.1:${await freePort()}"`))
  const { link } = await handbook.serve()
  const browser = await enter(link)
  const now = await browser.read<Now>('/api/now')
  expect(now.sources).toMatchObject([
    { name: 'Prometheus', asked: false },
    { name: 'Alertmanager', asked: true },
  ])
  await expect
    .poll(async () => (await browser.read<Now>('/api/now')).sources[1], { timeout: 20_000 })
    .toMatchObject({
      why: expect.stringContaining('does not answer'),
    })
  expect((await browser.get('/api/now?environment=elsewhere')).status).toBe(404)
  await expect.poll(async () => (await browser.read<Now>('/api/now')).blind, { timeout: 45_000 }).toBe(true)
}, 90_000)

test('what a run changed and left is told, and what changed last', async () => {
  const handbook = await createLiveHandbook(withSources('auto: danger'))
  handbook.write(
    'runbooks/shed.md',
    `---\ntitle: Shed\n---\n\n## Diagnose\n\n### Look <!-- #look -->\n\n\`\`\`bash\nhb suggest shed now\n\`\`\`\n\n## Mitigate\n\n### Refuse uploads <!-- #shed -->\n\n\`\`\`bash temporary\ntrue\n\`\`\`\n\n## Verify\n\n### Works <!-- #works -->\n\n\`\`\`bash\nfalse\n\`\`\`\n\n## Roll back\n\n### Admit uploads <!-- #admit -->\n\n\`\`\`bash undoes=shed\nfalse\n\`\`\`\n`,
  )
  // Those that only read, and older ones, are not among the last three.
  for (const page of ['mend', 'mend', 'shed', 'mend'])
    await handbook.run('run', page, '--env', 'staging', '--auto', ...(page === 'mend' ? ['--step', 'mend'] : []))
  await handbook.run('run', 'mend', '--env', 'staging', '--step', 'look', '--auto')
  const { link } = await handbook.serve()
  const now = await (await enter(link)).read<Now>('/api/now')
  expect(now).toMatchObject({
    sources: [{ asked: false }, { asked: false }],
    blind: false,
    alerts: [],
    changes: [
      { procedure: 'mend', outcome: 'passed' },
      { procedure: 'shed', outcome: 'failed' },
      { procedure: 'mend' },
    ],
    unreverted: [{ procedure: 'shed', changes: ['Refuse uploads'] }],
  })
}, 60_000)

test('whom to call is told to those who came in, and to nobody else', async () => {
  const rota = '{"people":[{"team":"storage","name":"Ada","telephone":"+44 20 7946 0001"}]}'
  const handbook = await createLiveHandbook(
    `${YAML}owners: { storage: { name: Storage, contact: "#storage" } }\nonCall: { command: 'echo "$ROTA"' }\n`,
  )
  const { link, origin } = await handbook.serve([], { ROTA: rota })
  const stranger = await fetch(`${origin}/api/on-call`)
  expect(stranger.status).toBe(401)
  expect(await stranger.text()).not.toContain('7946')
  const browser = await enter(link)
  expect(await browser.read('/api/on-call')).toMatchObject({
    state: 'known',
    people: [{ team: 'Storage', name: 'Ada', telephone: '+44 20 7946 0001', after: 0 }],
  })
})
