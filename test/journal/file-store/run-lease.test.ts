import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileStore, type RunFact, type RunStore } from '../../../src/journal/index.ts'

let base: string
let store: RunStore
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-lease-'))
  store = createFileStore(join(base, 'runs'), { renews: 20 })
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const me = { user: 'me', host: hostname(), pid: process.pid }
const far = { user: 'anna', host: 'far', pid: 1, start: 'boot/1' }
const lock = (run: string) => join(base, 'runs', run, 'lock/1')

/** A run that another machine began and did not end. */
async function begin(run: string): Promise<void> {
  const writer = await store.begin(run, me)
  const fact: RunFact = {
    type: 'run.started',
    procedure: 'p',
    path: 'p.md',
    title: 'P',
    environment: 'lab',
    target: {},
    params: {},
    contentHash: '',
    by: far,
    mode: 'auto',
    steps: [],
  }
  await writer.append(fact).kept
  await writer.close()
}

const hold = (run: string, count: number) =>
  writeFileSync(
    lock(run),
    JSON.stringify({ ...far, run, since: '', renews: 20, counter: String(count).padStart(12, '0') }),
  )

describe('whether a runner on another machine is there', () => {
  test('it is, while its lease moves', async () => {
    await begin('r')
    let count = 0
    hold('r', count)
    const timer = setInterval(() => hold('r', ++count), 20)
    try {
      expect(await store.judgeRunner('r', far)).toBe('alive')
      expect((await store.list()).runs).toMatchObject([{ id: 'r', running: true }])
    } finally {
      clearInterval(timer)
    }
  })

  test('it is not, when its lease stands still, nor after it was given back or taken over', async () => {
    await begin('r')
    hold('r', 3)
    expect(await store.judgeRunner('r', far)).toBe('gone')
    expect((await store.list()).runs).toMatchObject([{ id: 'r', running: false, outcome: 'interrupted' }])
    const claim = await store.lease({ run: 'r' }, { ...me, run: 'r', since: '' })
    expect(claim).toMatchObject({ held: true, gone: [{ host: 'far', pid: 1, start: 'boot/1' }] })
    expect(await store.judgeRunner('r', far)).toBe('gone')
    if (claim.held) await claim.lease.release()
    // Whoever comes next need not watch again.
    expect(await store.judgeRunner('r', far)).toBe('gone')
    expect(await store.lease({ run: 'r' }, { ...me, run: 'r', since: '' })).toMatchObject({
      held: true,
      gone: [{ host: 'far' }, { host: hostname() }],
    })
  })

  test('nobody can tell, when it has no lease, one that it does not renew, or one that is damaged', async () => {
    await begin('r')
    for (const content of ['', JSON.stringify({ ...far, run: 'r', since: '' }), JSON.stringify({ released: 'then' })]) {
      writeFileSync(lock('r'), content)
      expect(await store.judgeRunner('r', far)).toBe('elsewhere')
    }
    rmSync(lock('r'))
    expect(await store.judgeRunner('r', far)).toBe('elsewhere')
    expect((await store.list()).runs).toMatchObject([{ id: 'r', running: true }])
  })
})

test('a runner whose run another took over writes nothing into its ledger any more', async () => {
  const writer = await store.begin('r', me)
  writer.append({ type: 'run.warned', message: 'first' })
  rmSync(lock('r'))
  writeFileSync(join(base, 'runs/r/lock/2'), JSON.stringify({ ...far, run: 'r', since: '' }))
  writer.append({ type: 'run.warned', message: 'second' })
  expect(writer.keeping).toMatchObject({
    at: 'nowhere',
    why: expect.stringMatching(/^another process took this run over/),
  })
  await writer.close()
  expect((await store.read('r'))?.events).toHaveLength(1)
  // And it does not give back what is another's.
  expect(JSON.parse(readFileSync(join(base, 'runs/r/lock/2'), 'utf8'))).toMatchObject({ host: 'far' })
})
