import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { query } from '../../src/lab/postgres/postgres.ts'
import { leaveOut, requires } from '../environment/requires.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const CONFIGURATION = 'runbooks/configuration-refused.md'
const INSTALL = 'docs/configuration.md'
const DELIVERIES = 'runbooks/deliveries-behind.md'
const SLOW = 'runbooks/api-slow.md'
const QUEUE = 'runbooks/database-slow.md'
const STORAGE = 'runbooks/storage-filling.md'
const LIMIT = 180_000

/** Drills walk what a page does; these walk its ways back, from where a run leaves them. */
describe.runIf(requires('the ways back of runbooks', ['jq', 'curl', 'psql']))('a way back', () => {
  const { lab, run, rollBack, bridgectl } = provideLab()
  afterEach(() => lab().heal())

  const walk = async (path: string, step: string) => {
    const done = await run(path, {}, step)
    expect(done.ending.outcome, tellRun(done)).toBe('passed')
  }
  const concurrency = async () => parse(await readFile(lab().status().configPath, 'utf8')).worker.concurrency

  test('installs a refused configuration only once it is corrected', { timeout: LIMIT }, async () => {
    const { configPath } = lab().status()
    await lab().break('configuration-refused')
    await walk(CONFIGURATION, 'last-good')
    await walk(CONFIGURATION, 'reload')
    expect(await concurrency()).toBe(4)
    const candidate = `${configPath}.refused`
    const install = async (outcome: string) => {
      const done = await run(INSTALL, { candidate })
      expect(done.ending.outcome, tellRun(done)).toBe(outcome)
    }
    await install('failed')
    expect(await concurrency()).toBe(4)
    const refused = parse(await readFile(candidate, 'utf8'))
    const corrected = { ...refused, downstream: { ...refused.downstream, timeout: '5s' } }
    await writeFile(candidate, stringify({ ...corrected, worker: { ...refused.worker, concurrency: 40 } }))
    await install('passed')
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

  test('drops the indexes that were missing, and each was created as the release has it', {
    timeout: LIMIT,
  }, async () => {
    const { database } = parse(await readFile(lab().status().configPath, 'utf8'))
    const readIndexes = async () => (await query(database.url, INDEXES)).rows
    const before = await readIndexes()
    expect(before.length).toBeGreaterThanOrEqual(5)
    await query(database.url, before.map(({ name }) => `drop index ${name}`).join(';'))
    const created = await run(QUEUE)
    expect(created.ending.outcome, tellRun(created)).toBe('healed')
    expect(await readIndexes()).toEqual(before)
    const dropped = await rollBack(QUEUE, created, 'drop-index')
    expect(dropped.ending.outcome, tellRun(dropped)).toBe('passed')
    expect(await readIndexes()).toEqual([])
    await query(database.url, before.map(({ definition }) => definition).join(';'))
  })

  test('unpacks the files of another program', { timeout: LIMIT }, async () => {
    const { storage, storagePath } = lab().status()
    if (storage.kind === 'folder') return leaveOut('a volume without inodes', 'a file system that may be mounted')
    const cache = join(dirname(storagePath), 'thumbnail-cache')
    await lab().break('inodes-exhausted')
    const packed = await run(STORAGE)
    expect(packed.ending.outcome, tellRun(packed)).toBe('healed')
    expect([existsSync(cache), existsSync(`${cache}.tar`)]).toEqual([false, true])
    const unpacked = await rollBack(STORAGE, packed, 'unpack-others')
    expect(unpacked.ending.outcome, tellRun(unpacked)).toBe('passed')
    expect([existsSync(join(cache, '0', '0.thumbnail')), existsSync(`${cache}.tar`)]).toEqual([true, false])
  })
})

/** The indexes without which the queue or the probe reads whole tables; keys of tables aside. */
const INDEXES = `
  select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indrelid
   where relnamespace in ('upload_bridge'::regnamespace, 'graphile_worker'::regnamespace) and not indisunique
   order by 1`
