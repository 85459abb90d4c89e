import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStore, createStoreInTwoPlaces, type RunStore } from '../../../src/journal/index.ts'

let base: string
let store: RunStore
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-unlock-'))
  store = createFileStore(join(base, 'runs'), { renews: 20 })
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const subject = { procedure: 'page', environment: 'production' }
const me = { user: 'me', host: hostname(), pid: process.pid }
const holder = { ...me, run: 'r', since: '2026-11-22T03:15:00.000Z' }
const far = { user: 'anna', host: 'far', pid: 1, run: 'q', since: '2026-11-22T03:15:00.000Z' }
const claim = () => store.lease(subject, holder)

function leave(content: string): void {
  mkdirSync(join(base, 'locks/page@production'), { recursive: true })
  writeFileSync(join(base, 'locks/page@production/7'), content)
}

test.each([
  ['damaged', 'half a lo'],
  ['of somebody on a machine that cannot be asked', JSON.stringify(far)],
])('a lock that is %s stops a change, says how to clear it, and that is recorded', async (_, content) => {
  leave(content)
  const claimed = await claim()
  expect(claimed).toMatchObject({ held: false })
  if (claimed.held) return
  expect(claimed.look).toContain('handbook runs unlock page --env production --reason WHY')
  expect(claimed.look).toContain(join(base, 'locks/page@production/7'))
  expect(await store.unlock(subject, me, 'far is gone')).toMatchObject({ state: 'cleared' })
  expect(await claim()).toMatchObject({ held: true })
  const [unlocked] = await store.unlocked()
  expect(unlocked).toMatchObject({ by: me, reason: 'far is gone', subject })
  expect(unlocked?.holder?.user).toBe(content.startsWith('{') ? 'anna' : undefined)
})

test('what is no lock at all is put aside, and not thrown away', async () => {
  mkdirSync(join(base, 'locks'))
  writeFileSync(join(base, 'locks/page@production'), 'somebody wrote here')
  expect(await claim().catch(error => error)).not.toMatchObject({ held: true })
  expect(await store.unlock(subject, me, 'a slip')).toMatchObject({ state: 'cleared' })
  expect(await claim()).toMatchObject({ held: true })
})

test('a lock whose holder runs here stays, and one that nobody holds needs nothing', async () => {
  expect(await store.unlock(subject, me, 'why')).toEqual({ state: 'free' })
  const held = await claim()
  expect(await store.unlock(subject, me, 'why')).toMatchObject({ state: 'alive', holder: { run: 'r' } })
  if (held.held) await held.lease.release()
  expect(await store.unlock(subject, me, 'why')).toEqual({ state: 'free' })
  expect(await store.unlocked()).toEqual([])
})

test('a holder that is proven gone is taken over, and that is said', async () => {
  leave(JSON.stringify({ ...holder, pid: 4_194_303, start: 'never' }))
  expect(await claim()).toMatchObject({ held: true, after: { pid: 4_194_303 } })
})

test('whoever held a lock that was cleared sees that it is lost', async () => {
  leave(JSON.stringify(far))
  await store.unlock(subject, me, 'far is gone')
  expect(JSON.parse(readFileSync(join(base, 'locks/page@production/8'), 'utf8'))).toMatchObject({ gone: [] })
})

test('in whichever of two places it is, it is cleared and recorded', async () => {
  const two = createStoreInTwoPlaces(join(base, 'a/runs'), join(base, 'b/runs'))
  for (const place of ['a', 'b']) {
    mkdirSync(join(base, place, 'locks/page@production'), { recursive: true })
    writeFileSync(join(base, place, 'locks/page@production/3'), 'x')
    expect(await two.unlock(subject, me, place)).toMatchObject({ state: 'cleared' })
  }
  expect((await two.unlocked()).map(({ reason }) => reason)).toEqual(['a', 'b'])
})
