import { readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RunEvent } from '../../src/journal/index.ts'
import type { Now } from '../../src/wire/index.ts'
import { startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, enter, send } from './live-handbook.ts'

const TOKEN = 'webhook-token-of-this-test'
const BWRAP = requires('looks at alerts before anybody does', ['bwrap'])
const SLOW = { timeout: 40_000 }

/** Asks each of these addresses for its name, in bash and in ts, and says how that ended. */
const PAGE = `---
title: It is full
alerts: [DiskFull]
---

## Diagnose

### Ask <!-- #ask -->

\`\`\`bash cheap timeout=10s
for address in $(cat asked.txt); do
  text=$(curl -sS --max-time 3 "http://$address/" 2>&1) && echo "$address: $text" || echo "$address: failed, \${text##*: }"
done
while [ -e "wait-$TARGET_NAME" ]; do sleep 0.1; done
\`\`\`

### Ask Prometheus <!-- #prometheus -->

\`\`\`ts cheap timeout=10s
const { createConnection } = await import('node:net')
console.log('Prometheus says', JSON.stringify(await prom('thing')))
const [host, port] = target.unnamed.split(' ')
await new Promise((resolve, reject) => createConnection(Number(port), host).on('connect', resolve).on('error', reject))
\`\`\`
`

/** Answers every request with its name. */
async function listen(name: string, host: string): Promise<number> {
  const server: Server = createServer(socket => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${name.length}\r\nconnection: close\r\n\r\n${name}`)
      })
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  return Number(Object(server.address()).port)
}

async function start(environments: string, asked: readonly string[], variables: Record<string, string> = {}) {
  const facts = ['url', 'other', 'name', 'unnamed'].map(name => `${name}: { type: string, description: x }`).join(', ')
  const handbook = await createLiveHandbook(
    `url: https://ops.example\ntarget: { ${facts} }\nsecrets: { database: { description: reads, for: read } }\nenvironments:\n${environments}`,
    { full: PAGE },
  )
  handbook.write('token', `${TOKEN}\n`)
  handbook.write('asked.txt', asked.join('\n'))
  const server = await handbook.serve(['--webhook-token-file', join(handbook.cwd, 'token')], variables)
  const browser = await enter(server.link)
  return {
    handbook,
    fire: (environment: string) =>
      send(server.origin, `/api/alerts?environment=${environment}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          version: '4',
          alerts: [
            { status: 'firing', labels: { alertname: 'DiskFull' }, startsAt: '2026-11-29T10:00:00Z', endsAt: '' },
          ],
        }),
      }),
    async run(environment: string): Promise<string> {
      const find = async () => (await browser.read<Now>(`/api/now?environment=${environment}`)).alerts[0]?.looked
      await expect.poll(find, SLOW).toMatchObject({ run: expect.any(String) })
      const looked = await find()
      return looked && 'run' in looked ? looked.run : ''
    },
    read: async (run: string) => (await browser.read<{ events: readonly RunEvent[] }>(`/api/runs/${run}`)).events,
    output: (events: readonly RunEvent[]) =>
      events.flatMap(event => (event.type === 'step.output' ? event.text : [])).join(''),
  }
}

/** The processes whose arguments name a run: what stands between it and the network, and what is behind that. */
function listProcesses(run: string): string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${run}-`)
    } catch {
      return false
    }
  })
}

test.runIf(BWRAP && requires('looks at alerts before anybody does', ['prometheus']))(
  'a look reaches what its environment names, and nothing else of the network',
  async () => {
    const own = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address
    const literal = own ?? '127.0.0.1'
    const [url, other, database, gone, unnamed, elsewhere] = await Promise.all([
      listen('by its name', '0.0.0.0'),
      listen('by its address', literal),
      listen('by a secret', '127.0.0.1'),
      1,
      listen('not named', '127.0.0.1'),
      listen('not named', literal),
    ])
    const prometheus = await startPrometheus([['thing', () => 42]])
    onTestFinished(() => prometheus.stop())
    const named = [`${hostname()}:${url}`, `${literal}:${other}`, `127.0.0.1:${database}`, `localhost:${gone}`]
    const others = [`127.0.0.1:${unnamed}`, `${literal}:${elsewhere}`, `192.0.2.77:${unnamed}`, 'nowhere.example:80']
    const { fire, run, read, output } = await start(
      `  staging:
    onAlert: diagnose
    prometheusUrl: "${prometheus.url}"
    target: { url: "http://${named[0]}", other: "${named[1]}", name: "http://${named[3]}", unnamed: "127.0.0.1 ${unnamed}" }
    secrets: { database: { env: DATABASE, for: read } }
`,
      [...named, ...others],
      { DATABASE: `postgres://reader:pass-4711@${named[2]}/uploads` },
    )
    await fire('staging')
    const id = await run('staging')
    await expect.poll(async () => (await read(id)).at(-1)?.type, SLOW).toBe('run.finished')
    const events = await read(id)
    const lines = output(events).split('\n')
    expect(lines.slice(0, 8)).toEqual([
      `${named[0]}: by its name`,
      `${named[1]}: by its address`,
      `${named[2]}: by a secret`,
      // It refuses connections itself, and so it is told.
      expect.stringMatching(/^localhost:1: failed, .*(?:refused|connect to server)/),
      expect.stringMatching(/^127\.0\.0\.1:\d+: failed, .*(?:refused|connect to server)/),
      expect.stringMatching(/: failed, /),
      expect.stringMatching(/: failed, /),
      expect.stringMatching(/^nowhere\.example:80: failed, .*nowhere\.example/),
    ])
    expect(output(events)).not.toContain('not named')
    expect(output(events)).toMatch(/Prometheus says .*42/)
    // Who reads the failure is told why it may have failed.
    const reach = `only ${named[0]}, ${named[1]}, `
    expect(events.find(event => event.type === 'run.warned')).toMatchObject({
      message: expect.stringContaining(`reached ${reach}`),
    })
    expect(events.find(event => event.type === 'step.finished' && event.step === 'prometheus')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('ECONNREFUSED'), hint: expect.stringContaining(`reaches ${reach}`) },
    })
    expect(JSON.stringify(events)).not.toContain('pass-4711')
    await expect.poll(() => listProcesses(id), SLOW).toEqual([])
  },
  150_000,
)

test.runIf(BWRAP)(
  'looks that go on together do not meet, and all of a look ends with its runner',
  async () => {
    const ports = { one: await listen('the one', '127.0.0.1'), two: await listen('the other', '127.0.0.1') }
    const asked = [`127.0.0.1:${ports.one}`, `127.0.0.1:${ports.two}`]
    const environment = (name: 'one' | 'two') =>
      `  ${name}: { onAlert: diagnose, target: { url: "http://127.0.0.1:${ports[name]}", other: x, name: ${name}, unnamed: "127.0.0.1 1" }, secrets: { database: { env: DATABASE, for: read } } }\n`
    const { handbook, fire, run, read, output } = await start(environment('one') + environment('two'), asked, {
      DATABASE: 'reader-4711',
    })
    handbook.write('wait-one', '')
    handbook.write('wait-two', '')
    await Promise.all(['one', 'two'].map(fire))
    const ids = await Promise.all(['one', 'two'].map(run))
    const said = async (at: number) => output(await read(ids[at] ?? '')).split('\n')
    await expect.poll(async () => (await said(0)).length, SLOW).toBe(3)
    await expect.poll(async () => (await said(1)).length, SLOW).toBe(3)
    expect(await said(0)).toEqual([`${asked[0]}: the one`, expect.stringContaining(`${asked[1]}: failed`), ''])
    expect(await said(1)).toEqual([expect.stringContaining(`${asked[0]}: failed`), `${asked[1]}: the other`, ''])
    const [first = '', second = ''] = ids
    const began = (await read(first))[0]
    const runner = began?.type === 'run.started' ? began.by.pid : undefined
    expect(runner).toBeGreaterThan(1)
    expect(listProcesses(first)).not.toEqual([])
    process.kill(Number(runner), 'SIGKILL')
    await expect.poll(() => listProcesses(first), SLOW).toEqual([])
    expect(listProcesses(second)).not.toEqual([])
    unlinkSync(join(handbook.cwd, 'wait-two'))
    await expect.poll(async () => (await read(second)).at(-1)?.type, SLOW).toBe('run.finished')
    await expect.poll(() => listProcesses(second), SLOW).toEqual([])
  },
  90_000,
)
