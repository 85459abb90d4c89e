import { mkdir, readlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { bridgectlExitCodes, serviceExitCodes } from '../../src/bridge/index.ts'
import { requires } from '../environment/requires.ts'
import {
  createByTus,
  getUpload,
  patchByTus,
  readProblem,
  sample,
  sendByForm,
  sendByTus,
  untilState,
} from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('refuses to guess a deployment, and options it does not know', async () => {
  const { bridgectl } = ground.get().bundles
  const run = (args: readonly string[], env = {}) =>
    execa(process.execPath, [bridgectl, ...args], { env: { ...env, NO_COLOR: '1' }, extendEnv: false, reject: false })
  for (const args of [['status'], ['uploads', 'list'], ['uploads', 'purge', '--partial', '--older-than', '1h']]) {
    const { exitCode, stderr } = await run(args)
    expect([exitCode, stderr]).toEqual([bridgectlExitCodes.usage.code, expect.stringContaining('UPLOAD_BRIDGE_CONFIG')])
  }
  const wrong = [
    ['status', '--config', '/nowhere/config.yaml'],
    ['uploads', 'purge', '--partial', '--oldr-than', '1h'],
    ['uploads', 'purge', '--partial', '--older-than', 'yesterday'],
    ['uploads', 'purge', '--older-than', '1h'],
    ['uploads', 'list', 'surplus'],
    ['deliveries', 'retry'],
    ['deliveries', 'hold', 'a'.repeat(32)],
    ['uploads', 'show', '../../etc/passwd'],
    ['explode'],
    ['uploads'],
    [],
  ]
  for (const args of wrong) {
    const { exitCode, stdout, stderr } = await run(args, { UPLOAD_BRIDGE_CONFIG: '/nowhere/config.yaml' })
    expect([args, exitCode, stdout]).toEqual([args, 2, ''])
    expect(stderr).toMatch(/^bridgectl: .+\nSee bridgectl.* --help$/)
  }
})

it.runIf(requires('a folder that an account cannot read', ['root']))(
  'is called in a folder that its account cannot read',
  async () => {
    const { folder, bundles } = ground.get()
    const closed = join(folder, 'closed')
    await mkdir(closed, { recursive: true, mode: 0o700 })
    await writeFile(join(closed, 'package.json'), '{ "graphile-worker": { "schema": 7 } }')
    const nobody = { uid: 65_534, gid: 65_534 }
    for (const program of Object.values(bundles)) {
      const { stderr, exitCode } = await execa(process.execPath, [program, '--version'], {
        ...nobody,
        cwd: closed,
        env: { UPLOAD_BRIDGE_CONFIG: '' },
        reject: false,
      })
      expect(stderr).not.toContain('package.json')
      expect(exitCode).toBe(program === bundles.bridgectl ? 0 : serviceExitCodes.usage.code)
    }
  },
)

it('shows help with examples for every command', async () => {
  const { bridgectl } = ground.get().bundles
  const help = async (...args: string[]) => (await execa(process.execPath, [bridgectl, ...args, '--help'])).stdout
  const groups = ['uploads', 'deliveries', 'admission', 'releases']
  const commands: string[][] = [['status']]
  for (const group of groups) {
    const names = [...(await help(group)).matchAll(/^ +([a-z]+) {2,}\S/gm)].map(match => match[1] ?? '')
    commands.push(...names.map(name => [group, name]))
  }
  expect(commands.length).toBeGreaterThan(15)
  const texts = await Promise.all(commands.map(command => help(...command)))
  for (const [at, command] of commands.entries())
    expect(texts[at]).toContain(`EXAMPLES\n\n  bridgectl ${command.join(' ')}`)
})

it('purges only stale partial uploads, also without the database', async () => {
  const { api, storagePath, configPath } = await ground.deploy()
  const stale = await createByTus(api.url, 1000)
  const fresh = await createByTus(api.url, 1000)
  for (const id of [stale, fresh]) await patchByTus(api.url, id, 0, sample(500).bytes)
  const dayAndHourAgo = Date.now() / 1000 - 90_000
  await utimes(join(storagePath, 'uploads', stale), dayAndHourAgo, dayAndHourAgo)

  const env = { UPLOAD_BRIDGE_CONFIG: configPath, UPLOAD_BRIDGE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const run = (...args: string[]) =>
    execa(process.execPath, [ground.get().bundles.bridgectl, 'uploads', ...args], { env })
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout)
  expect(await json('list', '--partial', '--older-than', '24h')).toMatchObject([{ id: stale, offset: 500 }])
  const purge = ['purge', '--partial', '--older-than', '24h']
  expect(await json(...purge, '--dry-run')).toMatchObject({ dryRun: true, count: 1, bytes: 500 })
  expect(await json('list', '--partial')).toHaveLength(2)
  expect((await run(...purge)).stdout).toBe('deleted 1 partial upload, 500 B')
  expect(await json('list', '--partial')).toMatchObject([{ id: fresh }])
  expect((await patchByTus(api.url, fresh, 500, sample(100).bytes)).status).toBe(204)
})

it('purges exactly those of a frozen list that are still stale, and names the others', async () => {
  const deployment = await ground.deploy()
  const { api, storagePath, configPath, control } = deployment
  const begin = async () => {
    const id = await createByTus(api.url, 1000)
    await patchByTus(api.url, id, 0, sample(500).bytes)
    const twoHoursAgo = Date.now() / 1000 - 7200
    await utimes(join(storagePath, 'uploads', id), twoHoursAgo, twoHoursAgo)
    return id
  }
  const [stale, written, complete, removed, unlisted] = await Promise.all(Array.from({ length: 5 }, begin))
  const { purged } = listed(await control('uploads', 'purge', '--partial', '--older-than', '1h', '--dry-run'))
  expect(purged).toHaveLength(5)
  const frozen = [stale, written, complete, removed]
  await patchByTus(api.url, written ?? '', 500, sample(1).bytes)
  await patchByTus(api.url, complete ?? '', 500, sample(500).bytes)
  await fetch(new URL(`/files/${removed}`, api.url), { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } })
  const purge = (input: string, ...args: string[]) =>
    execa(
      process.execPath,
      [ground.get().bundles.bridgectl, 'uploads', 'purge', '--partial', '--older-than', '1h', '--only', ...args],
      { env: { UPLOAD_BRIDGE_CONFIG: configPath }, input, reject: false },
    )
  const left = [
    { id: written, reason: 'written to lately' },
    { id: complete, reason: 'not partial' },
    { id: removed, reason: 'not partial' },
  ]
  const lines = `${frozen.join('\n')}\n\n${stale}\r\n`
  expect(JSON.parse((await purge(lines, '-', '--dry-run', '--json')).stdout)).toMatchObject({ count: 1, left })
  const { exitCode, stdout, stderr } = await purge(lines, '-')
  expect([exitCode, stdout]).toEqual([0, 'deleted 1 partial upload, 500 B'])
  expect(stderr.split('\n')).toEqual(left.map(({ id, reason }) => `bridgectl: ${id} stays: ${reason}`))
  expect(
    listed(await control('uploads', 'purge', '--partial', '--older-than', '1h', '--dry-run')).purged,
  ).toMatchObject([{ id: unlisted }])
  expect(await purge('', '-')).toMatchObject({ exitCode: 0, stdout: 'deleted 0 partial uploads, 0 B' })
  for (const [input, file] of [
    [`${stale}\n../../etc/passwd\n`, '-'],
    [`${stale} ${unlisted}`, '-'],
    ['', join(storagePath, 'no-such-list')],
    ['', storagePath],
  ] as const) {
    const wrong = await purge(input, file)
    expect([wrong.exitCode, wrong.stdout]).toEqual([bridgectlExitCodes.usage.code, ''])
    expect(wrong.stderr).toMatch(
      /^bridgectl: --only .+(line \d+: .+ is not the id of an upload|cannot be read: .+)\nSee /,
    )
  }
})

function listed(answer: unknown): { readonly purged: readonly { readonly id: string }[] } {
  return answer as { purged: { id: string }[] }
}

it('never purges an upload that was acknowledged, or is complete', async () => {
  const deployment = await ground.deploy()
  const { api, control, storagePath } = deployment
  await control('deliveries', 'pause')
  const id = await sendByTus(api.url, sample(1000).bytes)
  await utimes(join(storagePath, 'uploads', id), 0, 0)
  expect(await control('uploads', 'purge', '--partial', '--older-than', '0s')).toMatchObject({ count: 0 })
  await control('deliveries', 'resume')
  await untilState(api.url, id, 'delivered')
})

it('answers an upload that was purged under its client with 404, and not with success', async () => {
  const { api, control } = await ground.deploy()
  const id = await createByTus(api.url, 1000)
  await patchByTus(api.url, id, 0, sample(500).bytes)
  await control('uploads', 'purge', '--partial', '--older-than', '0s')
  expect((await patchByTus(api.url, id, 500, sample(500).bytes)).status).toBe(404)
})

it('closes and opens admission at once; what has begun goes on', async () => {
  const { api, control, bridgectl } = await ground.deploy()
  const { bytes } = sample(1000)
  const begun = await createByTus(api.url, bytes.length)
  expect(await control('admission', 'close', '--retry-after', '90s')).toMatchObject({ open: false, reason: 'storage' })
  const refused = await sendByForm(api.url, bytes)
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([507, '90'])
  expect(await readProblem(refused)).toMatchObject({ code: 'admission-closed-storage' })
  await expect(createByTus(api.url, 10)).rejects.toThrow('507')
  expect((await fetch(new URL('/readyz', api.url))).status).toBe(200)
  expect((await patchByTus(api.url, begun, 0, bytes)).status).toBe(204)
  await untilState(api.url, begun, 'delivered')

  await control('admission', 'close', '--reason', 'maintenance')
  expect((await sendByForm(api.url, bytes)).status).toBe(503)
  expect((await bridgectl('admission', 'status')).stdout).toContain('closed (maintenance)')
  expect((await bridgectl('admission', 'close', '--reason', 'boredom')).exitCode).toBe(bridgectlExitCodes.usage.code)

  await control('admission', 'open')
  expect((await sendByForm(api.url, bytes)).status).toBe(201)
})

it('sends a canary that is compared by its hash', async () => {
  const { api, sink, control, bridgectl, configPath } = await ground.deploy()
  const sent = await control('uploads', 'send', configPath, '--name', 'canary.yaml')
  expect(sent).toMatchObject({ state: 'delivered' })
  expect(sink.arrivals).toMatchObject([{ ...pick(sent), name: 'canary.yaml' }])
  expect((await getUpload(api.url, pick(sent).id)).sha256).toBe(pick(sent).sha256)

  sink.mood = 'failing'
  const { exitCode, stderr } = await bridgectl('uploads', 'send', configPath, '--wait', '500ms')
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/is pending, not delivered/)])
})

it('points current at a release in one step, and back', async () => {
  const { control, bridgectl, releasesPath } = await ground.deploy()
  for (const version of ['1.2.0', '1.10.0']) await mkdir(join(releasesPath, version))
  expect((await bridgectl('releases', 'current')).exitCode).toBe(1)
  expect((await bridgectl('releases', 'activate', '9.9.9')).exitCode).toBe(1)
  expect((await bridgectl('releases', 'activate', 'previous')).exitCode).toBe(1)
  expect(await control('releases', 'activate', '1.2.0')).toEqual({ current: '1.2.0', previous: null })
  expect(await control('releases', 'activate', '1.10.0')).toEqual({ current: '1.10.0', previous: '1.2.0' })
  expect(await readlink(join(releasesPath, 'current'))).toBe('1.10.0')
  expect((await bridgectl('releases', 'list')).stdout).toBe('  1.2.0  (previous)\n* 1.10.0')

  expect(await control('releases', 'activate', 'previous')).toEqual({ current: '1.2.0', previous: '1.10.0' })
  expect((await bridgectl('releases', 'previous')).stdout).toBe('1.10.0')
  expect(await control('releases', 'activate', '1.2.0')).toEqual({ current: '1.2.0', previous: '1.10.0' })
})

it('tells the status in 80 columns, and what of it is unknown', async () => {
  const { api, bridgectl, control } = await ground.deploy()
  await untilState(
    api.url,
    await sendByTus(api.url, sample(1000).bytes, { metadata: { filename: 'x'.repeat(300) } }),
    'delivered',
  )
  expect(await control('status')).toMatchObject({
    environment: 'test',
    database: { up: true },
    admission: { open: true },
    circuit: { paused: false },
    partials: { count: 0 },
    deliveries: { pending: 0, held: 0, delivered: 1 },
  })
  for (const args of [['status'], ['uploads', 'list'], ['deliveries', 'list']]) {
    const { stdout } = await bridgectl(...args)
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  }
})

it('ends quietly when its reader leaves, tells its version, and takes help for --help', async () => {
  const { bridgectl } = ground.get().bundles
  const { configPath } = await ground.deploy()
  const piped = `"$0" "$1" config reference --json | true; echo "\${PIPESTATUS[*]}"`
  const left = await execa('bash', ['-c', piped, process.execPath, bridgectl])
  expect([left.stdout, left.stderr]).toEqual(['0 0', ''])
  const run = async (...args: string[]) => (await execa(process.execPath, [bridgectl, ...args])).stdout
  expect(await run('--version')).toMatch(/^bridgectl \S+$/)
  expect(await run('help', 'uploads', 'list')).toBe(await run('uploads', 'list', '--help'))
  expect(await run('help')).toBe(await run('--help'))
  const odd = ['--limit', '1e3']
  const { exitCode } = await execa(process.execPath, [bridgectl, 'uploads', 'list', ...odd, '--config', configPath], {
    reject: false,
  })
  expect(exitCode).toBe(bridgectlExitCodes.usage.code)
})

it('marks keys that are good no more, and fails when a part of the status is unknown', async () => {
  const { control, bridgectl, bridgectlWith } = await ground.deploy()
  await bridgectl('keys', 'create', 'old', '--role', 'read', '--expires', '1ms')
  await bridgectl('keys', 'create', 'gone', '--role', 'read')
  await bridgectl('keys', 'revoke', 'gone')
  await bridgectl('keys', 'create', 'fine', '--role', 'read', '--expires', '1d')
  expect(await control('keys', 'list')).toMatchObject([{ state: 'expired' }, { state: 'revoked' }, { state: 'good' }])
  expect((await bridgectl('status')).exitCode).toBe(0)
  const away = { UPLOAD_BRIDGE_DATABASE_URL: 'postgres://127.0.0.1:1/none' }
  const status = await bridgectlWith(away, 'status')
  expect([status.exitCode, status.stderr]).toEqual([1, 'bridgectl: unknown: database'])
  expect(status.stdout).toMatch(/^database +down: /m)
})

it('starts without a warning of a library on stderr', async () => {
  const { worker, api } = await ground.deploy({ configuration: { worker: { concurrency: 8 } } })
  await until('the worker is ready', async () => (await fetch(new URL('/readyz', worker.url))).status === 200)
  expect([worker.errors, api.errors]).toEqual([[], []])
})

function pick(value: unknown): { id: string; sha256: string } {
  if (typeof value === 'object' && value !== null && 'id' in value && 'sha256' in value) {
    return { id: String(value.id), sha256: String(value.sha256) }
  }
  throw new Error(`no upload: ${JSON.stringify(value)}`)
}
