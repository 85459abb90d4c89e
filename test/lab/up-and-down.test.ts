import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectLab, endLab, startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { labEnvironment } from '../../src/lab-port/index.ts'
import { buildBundles } from './bundles.ts'
import { findTraces } from './traces.ts'
import { findMissing, sendFile } from './uploads.ts'

const run = promisify(execFile)
let bundles: Awaited<ReturnType<typeof buildBundles>>
let root: string
let directory: string

beforeAll(async () => {
  bundles = await buildBundles()
  root = await mkdtemp(join(tmpdir(), 'lab-up-'))
  directory = join(root, 'lab with a space')
})

afterAll(async () => {
  await endLab(directory)
  await rm(root, { recursive: true, force: true })
  await bundles.remove()
})

function up(): Promise<RunningLab> {
  return startLab({
    directory,
    bundles: bundles.folder,
    rules: 'static/monitoring',
    prometheus: false,
    log: () => undefined,
  })
}

describe('a lab', () => {
  let lab: RunningLab

  beforeAll(async () => {
    lab = await up()
  })

  afterAll(() => lab.down())

  test('says where everything is', () => {
    const status = lab.status()
    expect(status).toMatchObject({ state: 'running', faults: [], directory, timeScale: 60 })
    expect(status.processes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['api', 'worker', 'downstream', 'database']),
    )
    for (const { pid } of status.processes) expect(existsSync(`/proc/${pid}`)).toBe(true)
    expect(status).not.toHaveProperty('prometheusUrl')
    for (const path of [status.configPath, status.storagePath, status.binPath]) expect(existsSync(path)).toBe(true)
  })

  test('delivers an upload with an equal hash', async () => {
    const { url, downstreamUrl } = lab.status()
    const { id = '', sha256, status } = await sendFile(url)
    expect(status).toBe(201)
    await expect.poll(() => findMissing(downstreamUrl, new Map([[id, sha256]])), { timeout: 20_000 }).toEqual([])
  })

  test('is an environment with its services, commands and variables', async () => {
    const { services, path, variables, target } = labEnvironment(lab.status())
    expect(target).toMatchObject({ url: lab.status().url, storagePath: lab.status().storagePath })
    const env = { PATH: `${path.join(':')}:${process.env.PATH}`, ...variables }
    const { stdout } = await run('bridgectl', ['releases', 'list', '--json'], { env })
    expect(JSON.parse(stdout)).toEqual({ installed: ['1.0.0', '1.1.0'], current: '1.1.0', previous: '1.0.0' })
    expect((await run('sh', ['-c', services.worker?.status ?? ''], { env })).stdout).toMatch(
      /^worker runs as process \d+/,
    )
  })

  test('restarts its API on the same port, as another process', async () => {
    const before = pidOf(lab, 'api')
    const restart = labEnvironment(lab.status()).services.api?.restart ?? ''
    await run('sh', ['-c', restart])
    expect(pidOf(lab, 'api')).not.toBe(before)
    expect((await fetch(`${lab.status().url}/livez`)).status).toBe(200)
  })

  test('stops, starts and shows a service', async () => {
    const { downstream } = labEnvironment(lab.status()).services
    await run('sh', ['-c', downstream?.stop ?? ''])
    expect(lab.status().processes.map(({ name }) => name)).not.toContain('downstream')
    await expect(run('sh', ['-c', downstream?.status ?? ''])).rejects.toMatchObject({ code: 3 })
    await run('sh', ['-c', downstream?.start ?? ''])
    expect((await run('sh', ['-c', downstream?.logs ?? ''])).stdout).toContain('listening')
  })

  test('lets a service read its configuration again, and says when it cannot', async () => {
    const { api, downstream } = labEnvironment(lab.status()).services
    const { configPath, url } = lab.status()
    const config = readFileSync(configPath, 'utf8')
    const reloaded = async () =>
      /^upload_bridge_config_last_reload_successful (\d)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
    const before = pidOf(lab, 'api')
    await writeFile(configPath, `${config}\nno-such-key: 1\n`)
    await run('sh', ['-c', api?.reload ?? ''])
    await expect.poll(reloaded, { timeout: 20_000 }).toBe('0')
    await writeFile(configPath, config)
    await run('sh', ['-c', api?.reload ?? ''])
    await expect.poll(reloaded, { timeout: 20_000 }).toBe('1')
    expect(pidOf(lab, 'api')).toBe(before)
    const refused = await run('sh', ['-c', downstream?.reload ?? '']).catch(error => error)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('downstream cannot reload') })
  })

  test('says what a service that does not start last said', async () => {
    const { configPath, services } = { ...lab.status(), ...labEnvironment(lab.status()) }
    const config = readFileSync(configPath, 'utf8')
    await writeFile(configPath, `${config}\nno-such-key: 1\n`)
    const restart = await run('sh', ['-c', services.api?.restart ?? '']).catch(error => error)
    expect(restart).toMatchObject({ code: 1, stderr: expect.stringContaining('no-such-key') })
    await writeFile(configPath, config)
    await run('sh', ['-c', services.api?.restart ?? ''])
  })

  test('is found by other processes, and tells them the same', async () => {
    const remote = await connectLab(directory)
    expect(await remote?.status()).toEqual(lab.status())
    await expect(remote?.break('no-such-fault')).rejects.toMatchObject({ code: 'unknown-fault' })
  })

  test('is the only one in its folder', async () => {
    await expect(up()).rejects.toMatchObject({ code: 'already-running' })
    expect(lab.status().state).toBe('running')
  })
})

test('a lab that is down has left no process, no mount and no socket', async () => {
  const lab = await up()
  expect(findTraces(directory).length).toBeGreaterThan(0)
  await lab.down()
  expect(findTraces(directory)).toEqual([])
  expect(await connectLab(directory)).toBeUndefined()
  expect(await endLab(directory)).toBe('nothing')
})

test('down from elsewhere ends it', async () => {
  const lab = await up()
  expect(await endLab(directory)).toBe('ended')
  await lab.ended
  expect(findTraces(directory)).toEqual([])
})

test('a start that is interrupted leaves nothing', async () => {
  const stop = new AbortController()
  const options = {
    directory,
    bundles: bundles.folder,
    rules: 'static/monitoring',
    prometheus: false,
    signal: stop.signal,
  }
  const starting = startLab({ ...options, log: line => line.includes('downstream') && stop.abort(new Error('enough')) })
  await expect(starting).rejects.toThrow('enough')
  expect(findTraces(directory)).toEqual([])
})

test('a part that fails is named, with what it last said, and nothing is left', async () => {
  const broken = await mkdtemp(join(process.cwd(), 'node_modules', '.cache', 'broken-'))
  await run('cp', ['-r', `${bundles.folder}/.`, broken])
  await writeFile(join(broken, 'lab', 'sink.cjs'), 'console.error("the sink is stuck"); process.exit(7)')
  const starting = startLab({
    directory,
    bundles: broken,
    rules: 'static/monitoring',
    prometheus: false,
    log: () => undefined,
  })
  await expect(starting).rejects.toThrow(/downstream ended with exit code 7.*the sink is stuck/s)
  await rm(broken, { recursive: true })
  expect(findTraces(directory)).toEqual([])
})

test('where no volume can be mounted, storage is a folder that is never filled, and the lab says so', async () => {
  const bare = join(root, 'bare-path')
  await mkdir(bare)
  const path = (process.env.PATH ?? '').split(':')
  const setpriv = path.map(folder => join(folder, 'setpriv')).find(existsSync)
  if (setpriv) await symlink(setpriv, join(bare, 'setpriv'))
  const told: string[] = []
  const lab = await startLab({
    directory,
    bundles: bundles.folder,
    rules: 'static/monitoring',
    env: { PATH: bare },
    log: line => told.push(line),
  })
  expect(lab.status().storage).toMatchObject({ kind: 'folder', reason: expect.stringContaining('mount') })
  expect(told).toContainEqual(expect.stringContaining('an ordinary folder, so storage cannot be filled here'))
  expect(told).toContainEqual(expect.stringContaining('prometheus and prometheus-alertmanager are not installed'))
  await expect(lab.break('storage-filling')).rejects.toMatchObject({ code: 'cannot-break' })
  expect(lab.status().faults).toEqual([])
  expect((await sendFile(lab.status().url)).status).toBe(201)
  await lab.down()
  expect(findTraces(directory)).toEqual([])
})

test('a part that ends unasked is told of', async () => {
  const told: string[] = []
  const options = { directory, bundles: bundles.folder, rules: 'static/monitoring', prometheus: false }
  const lab = await startLab({ ...options, log: line => told.push(line) })
  process.kill(pidOf(lab, 'worker') ?? 0, 'SIGKILL')
  await expect
    .poll(() => told.at(-1))
    .toMatch(/^– worker was ended by SIGKILL without being asked; its log is .*worker\.log$/)
  expect(pidOf(lab, 'worker')).toBeUndefined()
  await lab.down()
  expect(told.filter(line => line.includes('without being asked'))).toHaveLength(1)
})

test('a folder with other files in it is refused', async () => {
  const taken = await mkdtemp(join(root, 'taken-'))
  await writeFile(join(taken, 'thesis.txt'), 'do not delete')
  const starting = startLab({ directory: taken, bundles: bundles.folder, rules: '', log: () => undefined })
  await expect(starting).rejects.toMatchObject({ code: 'directory-not-ours' })
  expect(readFileSync(join(taken, 'thesis.txt'), 'utf8')).toBe('do not delete')
})

function pidOf(lab: RunningLab, name: string): number | undefined {
  return lab.status().processes.find(process => process.name === name)?.pid
}
