import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { requires } from '../environment/requires.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const CONFIGURATION = 'runbooks/configuration-refused.md'
const DELIVERIES = 'runbooks/deliveries-behind.md'
const SLOW = 'runbooks/api-slow.md'
const LIMIT = 180_000

/** Drills walk what a page does; these walk its ways back, from where a run leaves them. */
describe.runIf(requires('the ways back of runbooks', ['jq', 'curl']))('a way back', () => {
  const { lab, run, bridgectl } = provideLab()
  afterEach(() => lab().heal())

  const walk = async (path: string, step: string, outcome = 'passed') => {
    const done = await run(path, {}, step)
    expect(done.ending.outcome, tellRun(done)).toBe(outcome)
  }
  const concurrency = async () => parse(await readFile(lab().status().configPath, 'utf8')).worker.concurrency

  test('installs a refused configuration only once it is corrected', { timeout: LIMIT }, async () => {
    const { configPath } = lab().status()
    await lab().break('configuration-refused')
    await walk(CONFIGURATION, 'last-good')
    await walk(CONFIGURATION, 'reload')
    expect(await concurrency()).toBe(4)
    await walk(CONFIGURATION, 'corrected', 'failed')
    expect(await concurrency()).toBe(4)
    const refused = parse(await readFile(`${configPath}.refused`, 'utf8'))
    const corrected = { ...refused, downstream: { ...refused.downstream, timeout: '5s' } }
    await writeFile(
      `${configPath}.refused`,
      stringify({ ...corrected, worker: { ...refused.worker, concurrency: 40 } }),
    )
    await walk(CONFIGURATION, 'corrected')
    await walk(CONFIGURATION, 'in-force')
    expect(await concurrency()).toBe(40)
  })

  test('takes the number of workers back to what it was, and nothing else', { timeout: LIMIT }, async () => {
    const before = await concurrency()
    await walk(DELIVERIES, 'more-workers')
    expect(await concurrency()).toBe(32)
    await walk(DELIVERIES, 'fewer-workers')
    expect(await concurrency()).toBe(before)
  })

  test('pauses deliveries again', { timeout: LIMIT }, async () => {
    await walk(DELIVERIES, 'pause')
    expect(await bridgectl('status')).toMatchObject({ circuit: { paused: true } })
    await walk(DELIVERIES, 'resume')
    expect(await bridgectl('status')).toMatchObject({ circuit: { paused: false } })
  })

  test('goes forward to the release that was left', { timeout: LIMIT }, async () => {
    await lab().break('event-loop-stalled')
    const { current } = Object(await bridgectl('releases', 'list'))
    await walk(SLOW, 'roll-back-release')
    expect(await bridgectl('releases', 'list')).not.toMatchObject({ current })
    await walk(SLOW, 'roll-forward')
    expect(await bridgectl('releases', 'list')).toMatchObject({ current })
  })
})
