import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHandbook, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let server: Server
/** What the Alertmanager of these tests has; a mitigation asks it to forget it. */
let alerts: readonly { readonly labels: Readonly<Record<string, string>> }[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/clear') alerts = []
    const held = alerts.map(alert => ({
      ...alert,
      startsAt: '2026-11-22T03:10:00Z',
      endsAt: '2099-01-01T00:00:00Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(held))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  handbook = await createHandbook()
  handbook.write(
    'handbook.yaml',
    `url: https://x.example\nenvironments: { here: { auto: danger, alertmanagerUrl: "http://127.0.0.1:${port}" } }\n`,
  )
  handbook.write('runbooks/queue.md', page('queue', 'QueueStuck', `curl --silent http://127.0.0.1:${port}/clear`))
  handbook.write('runbooks/cache.md', page('cache', 'CacheCold', 'true'))
})
afterAll(async () => {
  await handbook.remove()
  await new Promise(resolve => server.close(resolve))
})

function page(id: string, alert: string, fix: string): string {
  const step = (id: string, code: string) => `### ${id} <!-- #${id} -->\n\`\`\`bash\n${code}\n\`\`\`\n`
  return `---\nid: ${id}\ntitle: It is stuck\nalerts: [${alert}]\n---\n## Diagnose\n${step('look', 'hb suggest fix why')}## Mitigate\n${step('fix', fix)}## Verify\n${step('ok', 'true')}`
}

async function runAndTell(...words: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await handbook.run('run', ...words, '--env', 'here', '--auto')
  const run = /run ([\w-]+)/.exec(stdout)?.[1] ?? ''
  const told: Record<string, string> = { run: stdout, show: (await handbook.run('runs', 'show', run)).stdout }
  for (const format of ['markdown', 'html', 'json', 'junit'])
    told[format] = (await handbook.run('runs', 'export', run, '--format', format)).stdout
  return Object.fromEntries(Object.entries(told).map(([reader, text]) => [reader, text.replaceAll(/\s+/g, ' ')]))
}

test('everybody reads for which alert a run was started, since when it fires, and that it is gone', async () => {
  alerts = [{ labels: { alertname: 'QueueStuck', queue: 'mail' } }]
  const told = await runAndTell('QueueStuck')
  for (const [reader, text] of Object.entries(told)) {
    if (reader !== 'json')
      expect(text, reader).toContain('Started for QueueStuck, which fires since 2026-11-22 03:10:00 UTC')
    expect(text, reader).toContain('QueueStuck, for which this run was started, is gone.')
  }
  expect(JSON.parse(told.json ?? '')).toMatchObject({
    outcome: 'healed',
    alert: { name: 'QueueStuck', asked: 'fires', since: '2026-11-22T03:10:00.000Z', labels: { queue: 'mail' } },
    alertNow: { name: 'QueueStuck', now: 'gone' },
    alerts: { asked: 'none-fires' },
    basis: { mitigated: ['fix'], verified: ['ok'] },
  })
})

test('and that it fires still, although Verify passed', async () => {
  alerts = [{ labels: { alertname: 'CacheCold' } }]
  const told = await runAndTell('cache', '--alert', 'CacheCold')
  for (const [reader, text] of Object.entries(told)) {
    expect(text, reader).toContain('Yet CacheCold fires')
    expect(text, reader).toContain('CacheCold, for which this run was started, fires still.')
  }
})

test('an alert that the page does not answer is a slip, and nothing runs', async () => {
  const refused = await handbook.run('run', 'cache', '--env', 'here', '--auto', '--alert', 'CacheCol')
  expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Did you mean CacheCold?') })
  const { stdout } = await handbook.run('run', 'cache', '--env', 'here', '--auto', '--json')
  expect(readEvents(stdout)[0]).not.toHaveProperty('alert')
})

test('a dry run by an alert’s name says whether it fires, and since when', async () => {
  const dryRun = (...more: string[]) => handbook.run('run', 'QueueStuck', '--env', 'here', '--dry-run', ...more)
  alerts = [{ labels: { alertname: 'QueueStuck', queue: 'mail' } }]
  expect((await dryRun()).stdout).toContain('Started for QueueStuck, which fires since 2026-11-22 03:10:00 UTC')
  expect(JSON.parse((await dryRun('--json')).stdout).alert).toMatchObject({ asked: 'fires' })
  alerts = []
  expect((await dryRun()).stdout).toContain('QueueStuck, which does not fire now')
}, 60_000)
