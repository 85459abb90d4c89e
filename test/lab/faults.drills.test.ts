import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../src/lab/incidents/index.ts'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { labEnvironment } from '../../src/lab-port/index.ts'
import { listDrills } from '../environment/list-drills.ts'
import { leaveOut } from '../environment/requires.ts'
import { buildBundles } from './bundles.ts'
import { findMissing, sendFile } from './uploads.ts'

const run = promisify(execFile)
const drills = await listDrills()
/** The faults of monitoring itself: only their drills start them. */
const NEED_MONITORING = drills.filter(({ alert }) => alert === 'Watchdog').map(({ fault }) => fault)
/** What only a lab as shipped can have, and its drills show: a certificate, a scanner, roles of the database, a volume of its own for it. */
const NEED_SHIPPED = [
  'certificate-expired',
  'certificate-expiring',
  'certificate-not-reloaded',
  // In a practice lab of root the service may read everything.
  ...(getuid?.() === 0 ? ['cleaner-locked-out'] : []),
  'connections-used-up',
  'malware-uploaded',
  'replication-slot-abandoned',
  'scanner-down',
  'scanner-frozen',
]
const NEED_MORE = [...NEED_MONITORING, ...NEED_SHIPPED]
let bundles: Awaited<ReturnType<typeof buildBundles>>
let directory: string
let lab: RunningLab

beforeAll(async () => {
  bundles = await buildBundles()
  directory = await mkdtemp(join(tmpdir(), 'lab-faults-'))
  const options = { directory, bundles: bundles.folder, rules: 'static/monitoring', prometheus: false }
  lab = await startLab({ ...options, log: () => undefined })
})

afterEach(() => lab.heal())

afterAll(async () => {
  await lab?.down()
  await rm(directory, { recursive: true, force: true })
  await bundles.remove()
})

describe.each(faults.filter(({ name }) => !NEED_MORE.includes(name)))('$name', ({ name }) => {
  test('is in effect until it is healed, and healing it again changes nothing', async () => {
    try {
      await lab.break(name)
    } catch (error) {
      // This machine cannot have it: no volume can be mounted, say.
      expect(error).toMatchObject({ code: 'cannot-break' })
      leaveOut(`the fault ${name}`, String(error))
      return
    }
    expect(lab.status().faults).toEqual([name])
    await lab.heal(name)
    expect(lab.status().faults).toEqual([])
    const before = lab.status().processes
    await lab.heal(name)
    expect(lab.status().processes).toEqual(before)
    await expectArrival(await sendUntilTaken())
  })
})

test.each(NEED_SHIPPED)(
  '%s is refused by a lab that is not as shipped, which serves on; a drill shows it',
  async name => {
    await expect(lab.break(name)).rejects.toMatchObject({ code: 'cannot-break' })
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(await sendUntilTaken())
    expect(drills.map(({ fault }) => fault)).toContain(name)
  },
)

describe('downstream-down', () => {
  test('refuses connections, so that uploads wait; healed, they arrive', async () => {
    const { url, downstreamUrl } = lab.status()
    await lab.break('downstream-down')
    expect(lab.status().faults).toEqual(['downstream-down'])
    await expect(fetch(`${downstreamUrl}/healthz`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    const sent = await sendFile(url)
    expect(sent.status).toBe(201)
    await lab.heal('downstream-down')
    expect(lab.status().faults).toEqual([])
    await expectArrival(sent)
  })

  test('is healed by whoever starts the downstream, and healing it then changes nothing', async () => {
    await lab.break('downstream-down')
    await command(labEnvironment(lab.status()).services.downstream?.start)
    expect(lab.status().faults).toEqual([])
    const before = lab.status().processes
    await lab.heal()
    await lab.heal('downstream-down')
    expect(lab.status().processes).toEqual(before)
  })
})

describe('downstream-hanging', () => {
  test('takes connections and does not answer; healed, what waited arrives', async () => {
    const { url, downstreamUrl } = lab.status()
    await lab.break('downstream-hanging')
    expect(lab.status().faults).toEqual(['downstream-hanging'])
    const asking = fetch(`${downstreamUrl}/healthz`, { signal: AbortSignal.timeout(1500) })
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' })
    const sent = await sendFile(url)
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(sent)
  })

  test('can be restarted, which repairs it', async () => {
    await lab.break('downstream-hanging')
    await command(labEnvironment(lab.status()).services.downstream?.restart)
    expect(lab.status().faults).toEqual([])
    const before = lab.status().processes
    await lab.heal()
    expect(lab.status().processes).toEqual(before)
  })
})

describe('bad-deployment', () => {
  test('fails a share of upload requests and nothing else, under its own version; healed, none', async () => {
    const { url } = lab.status()
    expect(await refused(url, 20)).toEqual([])
    await lab.break('bad-deployment')
    expect(lab.status().faults).toEqual(['bad-deployment'])
    const failed = await failures(url, 60)
    expect(failed).toBeGreaterThan(8)
    expect(failed).toBeLessThan(45)
    for (const path of ['/livez', '/readyz', '/metrics']) {
      for (let i = 0; i < 10; i++) expect((await fetch(`${url}${path}`)).status).toBe(200)
    }
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/http_requests_total\{method="POST",route="\/uploads",code="500",version="1\.1\.1"\} [1-9]/)
    await lab.heal()
    expect(await refused(url, 20)).toEqual([])
    expect(await releases()).toEqual({ installed: ['1.0.0', '1.1.0'], current: '1.1.0', previous: '1.0.0' })
  })

  test('is repaired by going back to the release before, and healing it then changes no process', async () => {
    await lab.break('bad-deployment')
    expect(await releases()).toMatchObject({ current: '1.1.1', previous: '1.1.0' })
    const { services, path, variables } = labEnvironment(lab.status())
    const env = { PATH: `${path.join(':')}:${process.env.PATH}`, ...variables }
    await run('bridgectl', ['releases', 'activate', 'previous'], { env })
    await command(services.api?.restart)
    expect(lab.status().faults).toEqual([])
    expect(await refused(lab.status().url, 20)).toEqual([])
    const before = lab.status().processes
    await lab.heal()
    expect(lab.status().processes).toEqual(before)
    expect(await releases()).toMatchObject({ installed: ['1.0.0', '1.1.0'], current: '1.1.0' })
  })
})

describe('api-killed', () => {
  test('refuses connections and stays dead; whoever starts the API heals it, and healing it then changes nothing', async () => {
    const { url } = lab.status()
    await lab.break('api-killed')
    expect(lab.status().faults).toEqual(['api-killed'])
    await expect(fetch(`${url}/livez`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    const { services } = labEnvironment(lab.status())
    await expect(command(services.api?.status)).rejects.toMatchObject({ code: 3 })
    await command(services.api?.start)
    expect(lab.status().faults).toEqual([])
    const before = lab.status().processes
    await lab.heal()
    expect(lab.status().processes).toEqual(before)
    await expectArrival(await sendFile(url))
  })

  test('is healed by the lab, too', async () => {
    await lab.break('api-killed')
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(await sendFile(lab.status().url))
  })
})

describe('api-hanging', () => {
  test('runs and does not answer; healed, it goes on as the same process', async () => {
    const { url, processes } = lab.status()
    await lab.break('api-hanging')
    expect(lab.status().faults).toEqual(['api-hanging'])
    const asking = fetch(`${url}/livez`, { signal: AbortSignal.timeout(1500) })
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' })
    await command(labEnvironment(lab.status()).services.api?.status)
    await lab.heal()
    expect(lab.status()).toMatchObject({ faults: [], processes })
    await expectArrival(await sendFile(url))
  })

  test('can be restarted, which repairs it', async () => {
    await lab.break('api-hanging')
    await command(labEnvironment(lab.status()).services.api?.restart)
    expect(lab.status().faults).toEqual([])
    const before = lab.status().processes
    await lab.heal()
    expect(lab.status().processes).toEqual(before)
  })
})

describe('worker-killed', () => {
  test('leaves uploads waiting; healed, they arrive', async () => {
    const { url, workerUrl } = lab.status()
    await lab.break('worker-killed')
    expect(lab.status().faults).toEqual(['worker-killed'])
    await expect(fetch(`${workerUrl}/livez`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    const sent = await sendFile(url)
    expect(sent.status).toBe(201)
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(sent)
  })
})

describe('database-down', () => {
  test('has new uploads refused while the API answers and tells of it; healed, what was acknowledged before arrives', async () => {
    const { url } = lab.status()
    await lab.break('downstream-down')
    const waiting = await sendFile(url)
    await lab.break('database-down')
    expect(lab.status().faults).toEqual(['downstream-down', 'database-down'])
    const isUp = async () => /^upload_bridge_database_up (\d)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
    await expect.poll(isUp, { timeout: 30_000 }).toBe('0')
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/^upload_bridge_storage_available_bytes \d/m)
    expect(metrics).not.toMatch(/^upload_bridge_deliveries_(?:pending|oldest)/m)
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    expect((await sendFile(url)).status).toBe(503)
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(waiting)
    await expect.poll(async () => (await sendFile(url)).status, { timeout: 30_000 }).toBe(201)
  })
})

describe('admission-closed', () => {
  test('has new uploads refused; whoever opens it heals it', async () => {
    const { url } = lab.status()
    await lab.break('admission-closed')
    expect(lab.status().faults).toEqual(['admission-closed'])
    expect((await sendFile(url)).status).toBe(503)
    await bridgectl('admission', 'open')
    expect(lab.status().faults).toEqual([])
    await lab.heal()
    expect((await sendFile(url)).status).toBe(201)
  })
})

describe('storage-filling', () => {
  test('fills the volume with partial uploads that look two days old; healed, they are gone', async () => {
    const { storagePath, storage } = lab.status()
    if (storage.kind === 'folder') {
      leaveOut('a volume that fills up', 'a file system that may be mounted')
      await expect(lab.break('storage-filling')).rejects.toMatchObject({ code: 'cannot-break' })
      return
    }
    await lab.break('storage-filling')
    expect(lab.status().faults).toEqual(['storage-filling'])
    expect(await usedShare(storagePath)).toBeGreaterThan(0.95)
    const stale = await partials('24h')
    expect(stale.length).toBeGreaterThan(100)
    expect((await sendFile(lab.status().url, 20_000_000)).status).toBe(507)
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    expect(await usedShare(storagePath)).toBeLessThan(0.5)
    expect(await partials('0s')).toEqual([])
  })

  test('is repaired by purging what is stale, and healing it then is harmless', async () => {
    const { storage, url, storagePath } = lab.status()
    if (storage.kind === 'folder') return leaveOut('a volume that is purged', 'a file system that may be mounted')
    await lab.break('storage-filling')
    const own = join(storagePath, 'not-an-upload')
    await writeFile(own, 'x')
    await bridgectl('uploads', 'purge', '--partial', '--older-than', '24h')
    expect(lab.status().faults).toEqual([])
    await lab.heal()
    expect(await readdir(storagePath)).toContain('not-an-upload')
    await rm(own)
    await expectArrival(await sendFile(url))
  })
})

describe('growth', () => {
  test('fills the volume with uploads that are all delivered, and the next is refused; healed, it is not', async () => {
    const { storagePath, storage, url } = lab.status()
    if (storage.kind === 'folder') return leaveOut('a volume that is too small', 'a file system that may be mounted')
    await lab.break('growth')
    expect(await usedShare(storagePath)).toBeGreaterThan(0.95)
    expect(await partials('0s')).toEqual([])
    expect((await sendFile(url, 4_000_000)).status).toBe(507)
    await lab.heal()
    expect(lab.status().faults).toEqual([])
    await expectArrival(await sendFile(url, 4_000_000))
  })
})

/** As clients do: 503 says to send again, and the API looks once a second whether its database is there. */
async function sendUntilTaken() {
  for (;;) {
    const sent = await sendFile(lab.status().url)
    if (sent.status === 201) return sent
    expect(sent.status).toBe(503)
    await wait(100)
  }
}

async function expectArrival({ id = '', sha256 }: { id?: string; sha256: string }): Promise<void> {
  const { downstreamUrl } = lab.status()
  await expect.poll(() => findMissing(downstreamUrl, new Map([[id, sha256]])), { timeout: 30_000 }).toEqual([])
}

/** The statuses of those of so many uploads that were not taken. */
async function refused(url: string, count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let i = 0; i < count; i++) statuses.push((await sendFile(url)).status)
  return statuses.filter(status => status !== 201)
}

async function failures(url: string, count: number): Promise<number> {
  let failed = 0
  for (let i = 0; i < count; i++) if ((await sendFile(url)).status === 500) failed++
  return failed
}

async function usedShare(path: string): Promise<number> {
  const { bavail, blocks } = await statfs(path)
  return 1 - bavail / blocks
}

async function command(line: string | undefined): Promise<void> {
  await run('sh', ['-c', line ?? 'false'])
}

async function bridgectl(...args: string[]): Promise<string> {
  const { path, variables } = labEnvironment(lab.status())
  const env = { PATH: `${path.join(':')}:${process.env.PATH}`, ...variables }
  return (await run('bridgectl', args, { env, maxBuffer: 10_000_000 })).stdout
}

async function releases(): Promise<unknown> {
  return JSON.parse(await bridgectl('releases', 'list', '--json'))
}

async function partials(olderThan: string): Promise<readonly unknown[]> {
  return JSON.parse(await bridgectl('uploads', 'list', '--partial', '--older-than', olderThan, '--json'))
}
