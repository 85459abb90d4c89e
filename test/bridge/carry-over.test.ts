import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sample, sendByForm, sendByTus, untilState } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import {
  ask,
  carryOver,
  createKey,
  keysFileOf,
  keysSchema,
  readKeys,
  restoreBeside,
  revokedIn,
  stateOf,
} from './support/restored.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const restore = (decide: Parameters<typeof restoreBeside>[1]) => restoreBeside(ground, decide)

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
  expect(await after.control('uploads', 'show', held)).toMatchObject({
    state: 'held',
    reason: 'malware, says the scanner',
  })
  const trail = await readFile(join(stateOf(after), 'audit.ndjson'), 'utf8')
  for (const said of ['backup carry-over', 'keys revoke leaked', held])
    expect(trail.split('"backup import"')[1]).toContain(said)
})
