import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RunEvent } from '../../src/journal/index.ts'
import type { Now } from '../../src/wire/index.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, enter, send } from './live-handbook.ts'

const TOKEN = 'webhook-token-of-this-test'
const BWRAP = requires('looks at alerts before anybody does', ['bwrap'])

/** One environment that looks at alerts, and one that does not. */
const YAML = `url: https://ops.example
target: { url: { type: string, description: where } }
secrets: { reader: { description: reads, for: read }, writer: { description: writes } }
environments:
  staging:
    onAlert: diagnose
    target: { url: "http://staging" }
    secrets: { reader: { env: READER, for: read }, writer: { file: writer.key, for: change } }
  production:
    target: { url: "http://production" }
    secrets: { reader: { env: READER, for: read }, writer: { env: WRITER, for: change } }
`

/** Its cheap steps look, and try to write: into the handbook, the folder of all, and a process. */
function lookPage(outside: string): string {
  return `---
title: It is full
alerts: [DiskFull]
params:
  database: { type: host, default: db-0, label: instance, description: which one }
  volume: { type: string, default: none, label: volume, pattern: "[a-z]+", description: which one }
  free: { type: string, default: none, label: free, description: it has no pattern }
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash cheap timeout=10s
echo "looks at $DATABASE $VOLUME as $READER, with \${WRITER-no writer}"
echo mine > "$TMPDIR/mine" && cat "$TMPDIR/mine"
cat writer.key 2>/dev/null || echo "no key"
[ ! -e slow ] || sleep 3
hb suggest mend "it is full"
\`\`\`

### Try to write <!-- #write -->

\`\`\`bash cheap timeout=10s
for file in written.txt ${outside} /etc/written-by-a-look; do
  if echo x 2>/dev/null > "$file"; then echo "wrote $file"; else echo "denied $file"; fi
done
kill -0 "$(cat server.pid)" 2>/dev/null && echo "reaches the server" || echo "server out of reach"
\`\`\`

### Write, in ts <!-- #write-ts -->

\`\`\`ts cheap timeout=10s
const { writeFile } = await import('node:fs/promises')
await writeFile('written.txt', 'x')
\`\`\`

### Not cheap <!-- #dear -->

\`\`\`bash
echo dear >> dear.log
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash
echo mended >> mended.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -s mended.log
\`\`\`
`
}

interface Story {
  readonly events: readonly RunEvent[]
}

async function start(variables: Readonly<Record<string, string>> = {}) {
  const outside = join(tmpdir(), `written-by-a-look-${process.pid}-${Math.random()}`)
  const handbook = await createLiveHandbook(YAML, { full: lookPage(outside) })
  handbook.write('token', `${TOKEN}\n`)
  handbook.write('writer.key', 'the-writers-key')
  const args = ['--webhook-token-file', join(handbook.cwd, 'token')]
  const serve = () => handbook.serve(args, { READER: 'reads-4711', WRITER: 'writes-4711', ...variables })
  const server = await serve()
  writeFileSync(join(handbook.cwd, 'server.pid'), String(server.child.pid))
  const browser = await enter(server.link)
  const now = (environment = 'staging') => browser.read<Now>(`/api/now?environment=${environment}`)
  return { handbook, outside, server, serve, browser, now }
}

function fire(origin: string, labels: Readonly<Record<string, string>>, environment = 'staging', startsAt = BEGAN) {
  return send(origin, `/api/alerts?environment=${environment}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      version: '4',
      alerts: [{ status: 'firing', labels: { alertname: 'DiskFull', ...labels }, startsAt, endsAt: BEGAN }],
    }),
  })
}

const BEGAN = '2026-11-29T10:00:00.123456789Z'
const SLOW = { timeout: 40_000 }

test.runIf(BWRAP)(
  'an alert that arrives is looked at once, by the cheap steps alone, which can write nowhere else',
  async () => {
    const { handbook, outside, server, serve, browser, now } = await start()
    const { origin } = server
    expect((await fire(origin, { instance: 'db-7:9100', volume: 'data' })).status).toBe(202)
    await expect.poll(async () => (await now()).alerts[0]?.looked, SLOW).toMatchObject({ run: expect.any(String) })
    const { looked, run: had } = (await now()).alerts[0] ?? {}
    // Nobody has it: a look is no run that somebody began.
    expect(had).toBeUndefined()
    const run = looked && 'run' in looked ? looked.run : ''
    const read = () => browser.read<Story>(`/api/runs/${run}`)
    await expect.poll(async () => (await read()).events.at(-1)?.type, SLOW).toBe('run.finished')
    const { events } = await read()
    const output = events.flatMap(event => (event.type === 'step.output' ? event.text : [])).join('')
    expect(output).toContain('looks at db-7 data as [redacted], with no writer\n')
    expect(output).toContain('mine\nno key\n')
    expect(output).toContain(`denied written.txt\ndenied ${outside}\ndenied /etc/written-by-a-look\n`)
    expect(output).toContain('server out of reach')
    expect(output).not.toContain('wrote')
    for (const file of [join(handbook.cwd, 'written.txt'), outside, '/etc/written-by-a-look'])
      expect(existsSync(file)).toBe(false)
    const ended = events.flatMap(event => (event.type === 'step.finished' ? [[event.step, event.status]] : []))
    expect(ended).toEqual([
      ['look', 'passed'],
      ['write', 'passed'],
      ['write-ts', 'failed'],
    ])
    expect(JSON.stringify(events)).toContain('EROFS')
    expect(events[0]).toMatchObject({
      type: 'run.started',
      unasked: true,
      by: { user: 'handbook serve' },
      alert: { name: 'DiskFull', since: '2026-11-29T10:00:00.123Z', labels: { instance: 'db-7:9100' } },
    })
    expect(events.at(-1)).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('3 of 4 steps') })
    expect(existsSync(join(handbook.cwd, 'mended.log'))).toBe(false)
    expect(existsSync(join(handbook.cwd, 'dear.log'))).toBe(false)
    // Alertmanager repeats itself, and the server is started again: it stays the one look.
    await fire(origin, { instance: 'db-7:9100', volume: 'data' })
    server.child.kill('SIGTERM')
    const again = await serve()
    await fire(again.origin, { instance: 'db-7:9100', volume: 'data' })
    const second = await enter(again.link)
    const list = () => second.read<{ runs: readonly { run: string }[] }>('/api/runs?environment=staging&limit=20')
    const seen = async () => (await second.read<Now>('/api/now?environment=staging')).alerts[0]?.looked
    await expect.poll(seen, SLOW).toMatchObject({ run })
    expect((await list()).runs.map(({ run }) => run)).toEqual([run])
    // The same alert that began anew is another one.
    await fire(again.origin, { instance: 'db-7:9100', volume: 'data' }, 'staging', '2026-11-29T11:00:00Z')
    await expect.poll(async () => (await list()).runs.length, SLOW).toBe(2)
  },
  150_000,
)

test.runIf(BWRAP)(
  'alerts that arrive together are looked at one after the other',
  async () => {
    const { handbook, server, browser } = await start()
    handbook.write('slow', '')
    const { origin } = server
    await Promise.all(['db-1', 'db-2', 'db-3'].map(instance => fire(origin, { instance })))
    const list = async () =>
      (await browser.read<{ runs: { run: string; outcome?: string }[] }>('/api/runs?environment=staging&limit=20')).runs
    await expect
      .poll(async () => (await list()).map(({ outcome }) => outcome), SLOW)
      .toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
    const runs = await Promise.all((await list()).map(({ run }) => browser.read<Story>(`/api/runs/${run}`)))
    const spans = runs
      .map(({ events }) => [events[0]?.time ?? '', events.at(-1)?.time ?? ''] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
    for (const [at, [began]] of spans.entries()) if (at > 0) expect(began >= (spans[at - 1]?.[1] ?? '')).toBe(true)
  },
  90_000,
)

test.runIf(BWRAP)(
  'labels that do not fit, or that no pattern bounds, run nothing, and this is said',
  async () => {
    const { server, now, browser } = await start()
    await fire(server.origin, { instance: 'db-7; touch x', severity: 'one' })
    await fire(server.origin, { volume: '$(touch x)', severity: 'two' })
    await fire(server.origin, { free: 'anything', severity: 'three' })
    const looks = async () =>
      Object.fromEntries((await now()).alerts.map(({ severity = '', looked }) => [severity, looked]))
    await expect.poll(looks, SLOW).toEqual({
      one: { refused: expect.stringContaining('The label instance does not fill database: expected') },
      two: { refused: expect.stringContaining('The label volume does not fill volume: expected text matching [a-z]+') },
      three: { refused: expect.stringContaining('the parameter has no pattern') },
    })
    expect(await browser.read('/api/runs?environment=staging&limit=20')).toMatchObject({ runs: [] })
    expect(server.said()).toContain('DiskFull in staging was not looked at')
  },
  90_000,
)

test('an environment that does not say so runs nothing when an alert arrives', async () => {
  const { server, now, browser } = await start()
  await fire(server.origin, { instance: 'db-7' }, 'production')
  await fire(server.origin, { free: 'anything' })
  // By then the other environment's alert had its turn.
  await expect.poll(async () => (await now()).alerts[0]?.looked, SLOW).toBeDefined()
  expect((await now('production')).alerts).toMatchObject([{ name: 'DiskFull' }])
  expect((await now('production')).alerts[0]?.looked).toBeUndefined()
  expect(await browser.read('/api/runs?environment=production&limit=20')).toMatchObject({ runs: [] })
}, 90_000)

test.each([
  ['denies nothing', 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"', 'wrote elsewhere'],
  ['may not make namespaces', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1', 'No permissions'],
])(
  'where bubblewrap %s, nothing looks, and this is said',
  async (_, script, why) => {
    const programs = mkdtempSync(join(tmpdir(), 'handbook-programs-'))
    onTestFinished(() => rmSync(programs, { recursive: true, force: true }))
    writeFileSync(join(programs, 'bwrap'), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
    const { handbook, server, now, browser } = await start({ PATH: `${programs}:${process.env.PATH}` })
    await fire(server.origin, { instance: 'db-7' })
    await expect
      .poll(async () => (await now()).alerts[0]?.looked, SLOW)
      .toEqual({
        refused: expect.stringMatching(
          `cannot be kept from writing, and from the network: .*${why}.*Install bubblewrap`,
        ),
      })
    expect(await browser.read('/api/runs?environment=staging&limit=20')).toMatchObject({ runs: [] })
    expect(existsSync(join(handbook.cwd, 'written.txt'))).toBe(false)
  },
  90_000,
)
