import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { getUpload, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import {
  carryOver,
  keysFileOf,
  keysSchema,
  type Places,
  restoreBeside,
  revokedIn,
  stateOf,
  withoutDatabase,
} from './support/restored.ts'

const ground = prepareGround()
const restore = (decide: Parameters<typeof restoreBeside>[1]) => restoreBeside(ground, decide)

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
  expect(await after.control('deliveries', 'list', '--held')).toMatchObject([{ id: waiting[0], reason: 'malware' }])

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
  const held = await places.after.control('deliveries', 'list', '--held')
  expect(held).toMatchObject([{ id: places.waiting[0], reason: 'malware' }])
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
