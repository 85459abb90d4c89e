import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { getUpload, sample, sendByForm, sendByTus, untilState } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const keysSchema = z.array(z.record(z.string(), z.string()))

interface Places {
  readonly before: Deployment
  readonly after: Deployment
  /** Uploads that waited when the backup was made. */
  readonly waiting: readonly [string, string]
  /** When that was. */
  readonly since: string
}

/** A deployment with three keys and two uploads that wait, its backup, and a second one where that is brought back. */
async function restore(
  decide: (before: Deployment, waiting: readonly [string, string]) => Promise<void>,
): Promise<Places> {
  const before = await ground.deploy()
  before.sink.mood = 'failing'
  for (const id of ['leaked', 'short', 'good']) await createKey(before, id)
  const waiting = [
    await sendByTus(before.api.url, sample(100).bytes),
    await sendByTus(before.api.url, sample(200).bytes),
  ] as const
  const folder = join(dirname(before.configPath), 'export')
  const { createdAt: since } = z
    .object({ createdAt: z.string() })
    .parse(await before.control('backup', 'export', folder))
  await decide(before, waiting)
  const after = await ground.deploy()
  await after.control('backup', 'import', folder)
  return { before, after, waiting, since }
}

async function createKey({ control }: Deployment, id: string): Promise<string> {
  return z.object({ key: z.string() }).parse(await control('keys', 'create', id, '--role', 'operate')).key
}

const stateOf = ({ configPath }: Deployment) => join(dirname(configPath), 'state')
const keysFileOf = (deployment: Deployment) => join(stateOf(deployment), 'keys.json')
const readKeys = async (deployment: Deployment) => keysSchema.parse(await deployment.control('keys', 'list'))
const revokedIn = async (deployment: Deployment) =>
  (await readKeys(deployment)).filter(({ revokedAt }) => revokedAt !== undefined).map(({ id }) => id)
const ask = async ({ api }: Deployment, key: string) =>
  (await fetch(new URL('/metrics', api.url), { headers: { Authorization: `Bearer ${key}` } })).status
const carryOver = ({ before, after, since }: Places, ...more: string[]) =>
  after.bridgectl('backup', 'carry-over', '--from', before.configPath, '--since', since, ...more)

/** Makes a copy of the old configuration with a database that does not answer. */
async function withoutDatabase(places: Places): Promise<Places> {
  const configPath = join(dirname(places.before.configPath), 'no-database.yaml')
  const configuration = parse(await readFile(places.before.configPath, 'utf8'))
  const database = { ...configuration.database, url: 'postgres://nobody@127.0.0.1:1/none' }
  await writeFile(configPath, stringify({ ...configuration, database }))
  return { ...places, before: { ...places.before, configPath } }
}

it('brings a backup back closed and paused: nothing is taken in or delivered until somebody opens it', async () => {
  const { after, waiting } = await restore(async () => {})
  expect(await after.control('status')).toMatchObject({
    admission: { open: false, reason: 'maintenance', note: 'a backup is being restored' },
    circuit: { paused: true, reason: 'a backup is being restored' },
  })
  expect((await sendByForm(after.api.url, sample(10).bytes)).status).toBe(503)
  await after.control('deliveries', 'retry', '--all')
  await until('the worker works', async () => (await fetch(new URL('/readyz', after.worker.url))).status === 200)
  expect(after.sink.attempts).toBe(0)
  await after.control('admission', 'open')
  await after.control('deliveries', 'resume')
  for (const id of waiting) await untilState(after.api.url, id, 'delivered')
  expect((await sendByForm(after.api.url, sample(10).bytes)).status).toBe(201)
})

it('carries over what was revoked, shortened, made and held since the backup, and takes nothing back', async () => {
  let fresh = ''
  const leakedEarly = { id: '' }
  const places = await restore(async (before, [held]) => {
    const { control } = before
    await control('keys', 'revoke', 'leaked')
    fresh = await createKey(before, 'fresh')
    const keys = keysSchema.parse(JSON.parse(await readFile(keysFileOf(before), 'utf8')))
    const shortened = keys.map(key => (key.id === 'short' ? { ...key, expiresAt: '2020-01-01T00:00:00.000Z' } : key))
    await writeFile(keysFileOf(before), JSON.stringify(shortened))
    await control('deliveries', 'hold', held, '--reason', 'malware, says the scanner')
    const late = await sendByTus(before.api.url, sample(50).bytes)
    leakedEarly.id = late
    await control('deliveries', 'hold', late, '--reason', 'malware, too')
  })
  const { before, after, waiting } = places
  const [held, pending] = waiting
  await after.control('keys', 'revoke', 'good')
  const { exitCode, stdout, stderr } = await carryOver(places)
  expect([exitCode, stderr]).toEqual([0, ''])
  for (const said of [
    'leaked is revoked',
    'short ',
    'fresh is taken along',
    `${held} is held: malware, says the scanner`,
  ]) {
    expect(stdout).toContain(said)
  }
  expect(stdout).toContain(`${leakedEarly.id} is not in the backup, and was held`)
  expect((await revokedIn(after)).sort()).toEqual(['good', 'leaked'])
  expect(await ask(after, fresh)).toBe(200)
  expect((await readKeys(after)).find(({ id }) => id === 'short')).toMatchObject({
    expiresAt: '2020-01-01T00:00:00.000Z',
  })
  expect(await after.control('status')).toMatchObject({ admission: { open: false }, circuit: { paused: true } })

  const again = await after.control('backup', 'carry-over', '--from', before.configPath, '--since', places.since)
  expect(again).toMatchObject({ keys: { revoked: [], takenAlong: [] }, holds: { held: [] } })
  await after.control('deliveries', 'resume')
  await untilState(after.api.url, pending, 'delivered')
  expect(await getUpload(after.api.url, held)).toMatchObject({ state: 'held', reason: 'malware, says the scanner' })
  const trail = await readFile(join(stateOf(after), 'audit.ndjson'), 'utf8')
  for (const said of ['backup carry-over', 'keys revoke leaked', held])
    expect(trail.split('"backup import"')[1]).toContain(said)
})

it('knows revocations and holds from the audit trail when database and keys are gone, also what was rotated', async () => {
  const places = await withoutDatabase(
    await restore(async ({ control, configPath }, [first, second]) => {
      await control('deliveries', 'hold', '--reason', 'malware', first)
      await control('deliveries', 'hold', second, '--reason', 'a mistake')
      await control('deliveries', 'release', second)
      await control('keys', 'revoke', '--config', configPath, 'leaked')
      await control('keys', 'create', 'fresh', '--role', 'read')
    }),
  )
  const { before, after, waiting } = places
  await rename(join(stateOf(before), 'audit.ndjson'), join(stateOf(before), 'audit.ndjson.1'))
  await writeFile(join(stateOf(before), 'audit.ndjson'), '')
  await writeFile(keysFileOf(before), 'nonsense')
  const { exitCode, stdout, stderr } = await carryOver(places)
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toContain('fresh was made since, and has to be made anew')
  expect(await revokedIn(after)).toEqual(['leaked'])
  await after.control('deliveries', 'resume')
  await untilState(after.api.url, waiting[1], 'delivered')
  expect(await getUpload(after.api.url, waiting[0])).toMatchObject({ state: 'held', reason: 'malware' })

  // What was carried over is known from the new place's own trail, when that is left again.
  const third = await ground.deploy()
  await third.control('backup', 'import', join(dirname(before.configPath), 'export'))
  const back = { ...places, before: after, after: third }
  await rm(keysFileOf(after))
  await carryOver(await withoutDatabase(back))
  expect(await revokedIn(third)).toEqual(['leaked'])
  expect(await getUpload(third.api.url, waiting[0])).toMatchObject({ state: 'held' })
})

it('knows holds from the audit trail when the old database answers, but has lost its rows', async () => {
  const places = await restore(async ({ control, databaseUrl }, [first]) => {
    await control('deliveries', 'hold', first, '--reason', 'malware')
    await ground.get().postgres.query(databaseUrl, 'delete from upload_bridge.uploads')
  })
  expect((await carryOver(places)).exitCode).toBe(0)
  expect(await getUpload(places.after.api.url, places.waiting[0])).toMatchObject({ state: 'held', reason: 'malware' })
})

it('fails, and says what it could not ask, unless it is told why that is so; deliveries wait for somebody then', async () => {
  const places = await withoutDatabase(
    await restore(async ({ control }) => void (await control('keys', 'revoke', 'leaked'))),
  )
  const { before, after, waiting } = places
  await rm(stateOf(before), { recursive: true })
  const { exitCode, stderr } = await carryOver(places)
  expect(exitCode).toBe(1)
  for (const said of ['leaked, short, good', '2 uploads', 'keys.json', '--without-old-keys', '--without-old-holds']) {
    expect(stderr).toContain(said)
  }
  expect((await carryOver(places, '--without-old-holds', 'the machine burnt')).exitCode).toBe(1)
  const gone = ['--without-old-keys', 'the machine burnt', '--without-old-holds', 'the machine burnt']
  expect((await carryOver(places, ...gone, '--revoke', 'leaked,unknown')).stderr).toContain('no key unknown')
  expect(await revokedIn(after)).toEqual([])
  const accepted = await after.bridgectl('backup', 'carry-over', ...gone, '--revoke', 'leaked,short')
  expect([accepted.exitCode, accepted.stderr]).toEqual([0, ''])
  expect(await revokedIn(after)).toEqual(['leaked', 'short'])
  expect(await after.control('status')).toMatchObject({
    circuit: { paused: true, reason: 'what was held since the backup is not known: the machine burnt' },
  })
  for (const id of waiting) expect(await getUpload(after.api.url, id)).toMatchObject({ state: 'pending' })
})

it('does not rely on an audit trail that does not reach back to the backup', async () => {
  const places = await withoutDatabase(
    await restore(
      async ({ control }, [first]) => void (await control('deliveries', 'hold', first, '--reason', 'malware')),
    ),
  )
  const trail = join(stateOf(places.before), 'audit.ndjson')
  const lines = (await readFile(trail, 'utf8')).trimEnd().split('\n')
  await writeFile(trail, `${lines.at(-1)}\n`)
  const { exitCode, stderr } = await carryOver(places)
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('begins only at')])
  // What is known protects all the same.
  expect(await getUpload(places.after.api.url, places.waiting[0])).toMatchObject({ state: 'held' })
})

it('does not guess about a key that the old place does not have', async () => {
  const places = await restore(async before => {
    const keys = keysSchema.parse(JSON.parse(await readFile(keysFileOf(before), 'utf8')))
    await writeFile(keysFileOf(before), JSON.stringify(keys.filter(({ id }) => id !== 'short')))
  })
  const { exitCode, stderr } = await carryOver(places)
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/keys short: .*does not have/)])
  await places.after.control('keys', 'revoke', 'short')
  expect((await carryOver(places)).exitCode).toBe(0)
})

it('keeps the reasons for which the old place was closed and paused', async () => {
  const places = await restore(async ({ control }) => {
    await control('admission', 'close', '--reason', 'storage', '--retry-after', '90s')
    await control('deliveries', 'pause', '--reason', 'downstream asked us to')
  })
  expect((await carryOver(places)).stdout).toContain('deliveries stay paused: downstream asked us to')
  expect(await places.after.control('status')).toMatchObject({
    admission: { open: false, reason: 'storage', retryAfter: 90 },
    circuit: { paused: true, reason: 'downstream asked us to' },
  })
})

it('pauses for want of a reason, too, and by the audit trail when the old database is gone', async () => {
  const circuitOf = async ({ after }: Places) => Object(await after.control('status')).circuit
  const silent = await restore(async ({ control }) => {
    await control('deliveries', 'pause')
  })
  await carryOver(silent)
  expect(await circuitOf(silent)).toMatchObject({ paused: true, reason: expect.stringContaining('nobody said why') })
  const gone = await withoutDatabase(
    await restore(async ({ control }) => {
      await control('deliveries', 'pause', '--reason', 'a pause of before')
      await control('deliveries', 'resume')
      await control('deliveries', 'pause', '--reason', 'downstream asked us to')
    }),
  )
  await carryOver(gone)
  expect(await circuitOf(gone)).toMatchObject({ paused: true, reason: 'downstream asked us to' })
  const resumed = await withoutDatabase(
    await restore(async ({ control }) => {
      await control('deliveries', 'pause', '--reason', 'downstream asked us to')
      await control('deliveries', 'resume')
    }),
  )
  await carryOver(resumed)
  expect(await circuitOf(resumed)).toMatchObject({ paused: true, reason: 'a backup is being restored' })
})

it('keeps what an operator wrote about closed admission', async () => {
  const places = await restore(async ({ control }) => {
    await control('admission', 'close', '--reason', 'maintenance', '--note', 'somebody attacks us')
  })
  await carryOver(places)
  expect(await places.after.control('status')).toMatchObject({
    admission: { open: false, note: 'somebody attacks us' },
  })
})

it('refuses what cannot be meant', async () => {
  const { before, after } = await restore(async () => {})
  const run = async (...args: string[]) => {
    const { exitCode, stderr } = await after.bridgectl('backup', 'carry-over', ...args)
    return [exitCode, stderr]
  }
  expect(await run()).toEqual([2, expect.stringContaining('--from')])
  expect(await run('--without-old-keys', 'x')).toEqual([2, expect.stringContaining('--from')])
  expect(await run('--from', after.configPath)).toEqual([2, expect.stringContaining('the same')])
  expect(await run('--from', before.configPath, '--without-old-keys', ' ')).toEqual([2, expect.stringContaining('why')])
  expect(await run('--from', before.configPath, '--since', 'yesterday')).toEqual([
    2,
    expect.stringContaining('--since'),
  ])
  expect(await run('--from', '/nowhere/config.yaml')).toEqual([2, expect.stringContaining('/nowhere/config.yaml')])
})
