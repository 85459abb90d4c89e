import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { RunMessage } from '../../src/wire/index.ts'
import { browse, createLiveHandbook, enter, openStream, questionOf, send } from './live-handbook.ts'

test('the site is given out with its policy, marked as live, and what is not there has a page', async () => {
  const handbook = await createLiveHandbook()
  const { origin, said } = await handbook.serve()
  const front = await send(origin, '/')
  expect(front).toMatchObject({ status: 200, text: expect.stringContaining('<html data-live lang=en>') })
  expect(front.headers).toMatchObject({
    'content-security-policy': `default-src 'self'; script-src 'self' 'sha256-abc='; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-type': 'text/html; charset=utf-8',
  })
  expect((await send(origin, '/runbooks/mend?alert=ThingFull')).status).toBe(200)
  const script = await send(origin, '/assets/js/main.123.js')
  expect(script).toMatchObject({ status: 200, text: 'void 0\n' })
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'max-age=31536000, immutable',
  })
  const missing = await send(origin, '/nothing')
  expect(missing).toMatchObject({ status: 404, text: expect.stringContaining('Not here') })
  // Of this page the build said no policy: it may run nothing.
  expect(missing.headers['content-security-policy']).toContain(`default-src 'self'; img-src`)
  expect((await send(origin, '/api/nothing')).headers['content-type']).toContain('application/problem+json')
  expect(await send(origin, '/healthz')).toMatchObject({ status: 200, text: 'ok\n' })
  expect(said()).not.toContain('changed since')
}, 60_000)

test('what keeps it from serving is said, with what to do', async () => {
  const handbook = await createLiveHandbook()
  const none = await handbook.run('serve', '--site', 'elsewhere')
  expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('npm run build') })
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise(resolve => taken.once('listening', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const second = await handbook.run('serve', '--port', String(port))
  expect(second).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`Port ${port} is taken`) })
  expect((await handbook.run('serve', '--env', 'elsewhere')).stderr).toContain('There are: staging, production')
  expect((await handbook.run('serve', '--port', 'x')).exitCode).toBe(2)
  expect((await handbook.run('serve', '--public-url', 'handbook.example/x')).exitCode).toBe(2)
  const short = await handbook.run('serve', '--webhook-token-file', handbook.write('token', 'short'))
  expect(short.stderr).toContain('fewer than 16 characters')
}, 60_000)

test('pages that changed since the build are named', async () => {
  const handbook = await createLiveHandbook()
  handbook.write('runbooks/wait.md', '# Another\n')
  const { said } = await handbook.serve()
  await expect.poll(said).toContain('1 page changed since the site was built')
}, 60_000)

test('it is asked by its public name, and its cookie is for that alone', async () => {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve(['--public-url', 'https://handbook.example'])
  const { origin: named, pathname } = new URL(link)
  expect(named).toBe('https://handbook.example')
  const { status, headers } = await send(origin, pathname, { headers: { host: 'handbook.example' } })
  expect(status).toBe(303)
  expect(headers['set-cookie']?.[0]).toMatch(/^__Host-handbook=.*; Secure$/)
}, 60_000)

test('it stops when it is told to, and says which runs go on', async () => {
  const handbook = await createLiveHandbook()
  const { link, child, said } = await handbook.serve()
  const browser = await enter(link)
  const { run } = JSON.parse((await browser.begin('mend', handbook.hashOf('mend'))).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await questionOf(stream, 'mend')
  child.kill('SIGUSR2')
  const links = () => new Set(said().match(/http:\S*\/enter\/\S+/g)).size
  await expect.poll(links).toBe(2)
  child.kill('SIGTERM')
  await stream.over
  expect((await child).exitCode).toBe(0)
  expect(said()).toContain(`These runs go on: ${run}`)
  const shown = await handbook.run('runs', 'show', run)
  expect(shown.stdout).toContain('RUNNING')
  await handbook.run('runs', 'cancel', run)
}, 60_000)

test('a runner sees nothing of the server’s secrets, and a block of neither', async () => {
  const handbook = await createLiveHandbook(
    `url: https://ops.example\nserve: { webhookToken: HOOK_TOKEN, metricsToken: METRICS_TOKEN }\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { target: { url: "http://x" }, secrets: { key: { command: "env > runner.env; echo a-secret-key", for: read } } }\n`,
  )
  const tokens = { HOOK_TOKEN: 'hook-token-0123456', METRICS_TOKEN: 'metrics-token-0123456' }
  const { link, origin } = await handbook.serve([], { ...tokens, READ_FOR_STAGING: 'may be needed' })
  const browser = await enter(link)
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  handbook.write('go', '')
  await stream.over
  const seen = (await handbook.shell('cat runner.env seen.env')).stdout
  expect(seen).toContain('READ_FOR_STAGING=')
  expect(seen).not.toMatch(/hook-token|metrics-token/)
  expect(seen.match(/READ_FOR_STAGING/g)).toHaveLength(1)
  expect((await send(origin, '/metrics', { headers: { authorization: 'Bearer x' } })).status).toBe(401)
  const [proof] = readdirSync('static/proofs').filter(name => name.endsWith('.json'))
  const recorded = JSON.parse(readFileSync(`static/proofs/${proof}`, 'utf8'))
  for (const [proven, hours] of [
    [true, 1],
    [false, 48],
  ] as const) {
    const date = new Date(Date.now() - hours * 3_600_000).toISOString()
    const drill = { ...recorded, id: `mend--old-${hours}`, proven, date }
    handbook.write(`static/proofs/mend--old-${hours}.json`, JSON.stringify(drill))
  }
  const measured = await send(origin, '/metrics', { headers: { authorization: `Bearer ${tokens.METRICS_TOKEN}` } })
  expect(measured.text).toMatch(/^handbook_drills\{proven="true"\} 1$/m)
  expect(measured.text).toMatch(/^handbook_drills\{proven="false"\} 1$/m)
  const ageOf = (drill: string) =>
    Number(
      new RegExp(`^handbook_drill_age_seconds\\{drill="${drill}",proven="\\w+"\\} (\\d+)$`, 'm').exec(
        measured.text,
      )?.[1],
    )
  expect(Math.round(ageOf('mend--old-1') / 3600)).toBe(1)
  expect(Math.round(ageOf('mend--old-48') / 3600)).toBe(48)
  expect(measured.text).toMatch(/^handbook_runs\{environment="staging",outcome="inconclusive"\} 1$/m)
  expect(measured.text).toMatch(/^handbook_approvals_awaited 0$/m)
  expect(measured.text).toMatch(/^handbook_streams_open 0$/m)
}, 60_000)

test('without a token it takes no alert and shows no metrics', async () => {
  const handbook = await createLiveHandbook()
  const { origin } = await handbook.serve()
  for (const [method, path] of [
    ['POST', '/api/alerts'],
    ['GET', '/metrics'],
  ] as const)
    expect((await send(origin, path, { method, headers: { authorization: 'Bearer undefined' } })).status).toBe(404)
}, 60_000)

test('fifty watch one run, and each hears all of it', async () => {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve()
  const { cookie } = await enter(link)
  const browser = browse(origin, cookie)
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  const path = `/api/runs/${run}/events`
  const streams = await Promise.all(Array.from({ length: 50 }, () => openStream<RunMessage>(origin, path, cookie)))
  handbook.write('go', '')
  await Promise.all(streams.map(({ over }) => over))
  const [first, ...others] = streams.map(({ messages }) =>
    JSON.stringify(messages.filter(({ data }) => 'event' in data)),
  )
  for (const other of others) expect(other).toBe(first)
  expect(first).toContain('run.finished')
}, 60_000)

test('where only a lab is served, the site is marked as practice; elsewhere it shows no score and nothing to practise with', async () => {
  const lab = await createLiveHandbook(
    'title: x\nurl: https://x.example\nlab: { module: dist/lab.cjs }\nenvironments: { lab: { lab: true } }\n',
  )
  const { origin } = await lab.serve()
  expect((await send(origin, '/')).text).toContain('<html data-live="lab" lang=en>')
})
