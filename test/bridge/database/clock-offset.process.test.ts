import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { compareClocks } from '../../../src/bridge/database/clock-offset.ts'
import { prepareGround } from '../support/ground.ts'
import { scrape } from '../support/scrape.ts'
import { until } from '../support/until.ts'

const ground = prepareGround()
const name = 'upload_bridge_clock_offset_seconds'

it('says how far the database is ahead, half of the round trip taken off', async () => {
  const readDatabaseTime = async () => {
    await wait(200)
    return 1_000_000 + 100 + 7000
  }
  expect(await compareClocks({ readDatabaseTime, now: () => 1_000_000 })).toBeCloseTo(7, 1)
  expect(await compareClocks({ readDatabaseTime, now: () => 1_060_000 })).toBeCloseTo(-53, 1)
})

it('says nothing without an answer, or after one that took too long', async () => {
  const now = () => 1_000_000
  expect(await compareClocks({ now, readDatabaseTime: () => Promise.reject(new Error('gone')) })).toBeUndefined()
  expect(await compareClocks({ now, readDatabaseTime: () => wait(1100, 1_000_000) })).toBeUndefined()
})

it('is shown by the API and the worker while the database answers', async () => {
  const { api, worker } = await ground.deploy()
  for (const { url } of [api, worker]) {
    const offset = await until('it is measured', async () => (await scrape(url)).get(name))
    expect(Math.abs(offset)).toBeLessThan(0.5)
  }
  await ground.get().postgres.stop()
  for (const { url } of [api, worker]) await until('it is gone', async () => !(await scrape(url)).has(name))
})
