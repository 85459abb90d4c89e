import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  checkLedger,
  createFileStore,
  createStoreInTwoPlaces,
  type GivenHead,
  type LedgerCheck,
  type RunFact,
  type RunHead,
  type RunStore,
} from '../../src/journal/index.ts'

let root: string
let folder: string
let store: RunStore
let clock: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-chain-'))
  folder = join(root, 'runs')
  clock = Date.UTC(2026, 10, 22)
  store = createFileStore(folder, {
    now() {
      clock += 1000
      return new Date(clock)
    },
  })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const by = { user: 'ann', host: 'ops-1', pid: 1 }
const END: RunFact = { type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] }

function begin(after: readonly RunHead[] | undefined): RunFact {
  return {
    type: 'run.started',
    procedure: 'p',
    path: 'p.md',
    title: 'P',
    environment: 'lab',
    target: {},
    params: {},
    contentHash: '',
    by,
    mode: 'auto',
    steps: [],
    ...(after === undefined ? {} : { after }),
  }
}

/** Records a run in a store, with what is seen of others in the same or in another one. */
async function recordIn(into: RunStore, run: string, seen = into): Promise<void> {
  const after = await seen.heads()
  const writer = await into.begin(run, by)
  writer.append(begin(after))
  writer.append(END)
  await writer.close()
}

/** Records a run as it is done; without `remembers` as it was before runs remembered each other. */
async function record(run: string, remembers = true): Promise<void> {
  const after = await store.heads()
  const writer = await store.begin(run, by)
  writer.append(begin(remembers ? after : undefined))
  writer.append({ type: 'run.warned', message: `about ${run}` })
  writer.append(END)
  await writer.close()
}

async function check(run: string, given?: GivenHead): Promise<LedgerCheck> {
  const recording = await store.read(run)
  if (!recording) throw new Error(`There is no run ${run}`)
  return checkLedger(store, recording, given === undefined ? [] : [given])
}

const file = (run: string) => join(folder, run, 'ledger.ndjson')

/** Changes a ledger and chains it anew, as whoever can write it can. */
function remake(run: string, change: (lines: string[]) => string[]): void {
  let chain = ''
  const lines = change(readFileSync(file(run), 'utf8').trimEnd().split('\n')).map(line => {
    const written = line.replace(/,"chain":"[0-9a-f]{64}"\}$/, '}')
    chain = createHash('sha256').update(chain).update(written).digest('hex')
    return `${written.slice(0, -1)},"chain":"${chain}"}\n`
  })
  writeFileSync(file(run), lines.join(''))
}

test('a run alone is consistent, and anchored by nobody; once there is a later one, that has its head', async () => {
  await record('a')
  expect(await check('a')).toEqual({ state: 'consistent', of: 3 })
  await record('b')
  expect(await check('a')).toEqual({ state: 'anchored', by: ['run b'], events: 3, of: 3 })
  expect(await check('b')).toEqual({ state: 'consistent', of: 3 })
})

describe('what was done to a ledger is found', () => {
  beforeEach(async () => {
    for (const run of ['a', 'b', 'c']) await record(run)
  })

  test.each<[string, (lines: string[]) => string[]]>([
    ['a word is another one', lines => lines.map(line => line.replace('about a', 'about nothing'))],
    ['its end is cut off', lines => lines.slice(0, 2)],
    [
      'an event is taken out',
      lines => lines.toSpliced(1, 1).map((line, at) => line.replace(/^\{"seq":\d+/, `{"seq":${at + 1}`)),
    ],
  ])('made anew: %s', async (_, change) => {
    remake('a', change)
    expect(await check('a')).toMatchObject({ state: 'contradicted', by: 'run b' })
    expect(await check('c')).toMatchObject({ state: 'consistent' })
  })

  test('cut at the end, with the lines that are left as they were', async () => {
    const lines = readFileSync(file('b'), 'utf8').trimEnd().split('\n').slice(0, 2)
    writeFileSync(file('b'), `${lines.join('\n')}\n`)
    expect(await check('b')).toMatchObject({ state: 'contradicted', by: 'run c' })
  })

  test('one of a run is another’s: it names its run in every line', async () => {
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true })
    expect(await store.read('b')).toMatchObject({ badLine: 1, events: [] })
    expect(await check('b')).toEqual({ state: 'changed', line: 1 })
    expect((await store.list()).unreadable).toEqual(['b'])
  })

  test('one under a new name, made anew: the runs after it do not know it', async () => {
    cpSync(join(folder, 'a'), join(folder, 'ab'), { recursive: true })
    remake('ab', lines => lines.map(line => line.replaceAll('"run":"a"', '"run":"ab"')))
    expect(await check('ab')).toMatchObject({ state: 'contradicted', by: 'run b' })
  })
})

test('runs that begin at once do not know each other, and a later one knows both', async () => {
  const after = await store.heads()
  const writers = await Promise.all(['a', 'b'].map(run => store.begin(run, by)))
  for (const writer of writers) writer.append(begin(after))
  for (const writer of writers) writer.append(END)
  for (const writer of writers) await writer.close()
  expect(await check('a')).toMatchObject({ state: 'consistent' })
  await record('c')
  for (const run of ['a', 'b']) expect(await check(run)).toMatchObject({ state: 'anchored', by: ['run c'] })
  remake('a', lines => lines.slice(0, 1))
  expect(await check('a')).toMatchObject({ state: 'contradicted', by: 'run c' })
})

test('a run that is under way, or goes on later, is anchored as far as it had come', async () => {
  const writer = await store.begin('a', by)
  writer.append(begin([]))
  await record('b')
  expect(await check('a')).toEqual({ state: 'anchored', by: ['run b'], events: 1, of: 1 })
  writer.append({ type: 'run.warned', message: 'later' })
  writer.append(END)
  await writer.close()
  expect(await check('a')).toEqual({ state: 'anchored', by: ['run b'], events: 1, of: 3 })
})

test('runs that were pruned are missed by nobody', async () => {
  for (const run of ['a', 'b', 'c', 'd']) await record(run)
  for (const run of ['b', 'c']) rmSync(join(folder, run), { recursive: true })
  expect(await check('a')).toMatchObject({ state: 'anchored', by: ['run d'] })
  expect(await check('d')).toMatchObject({ state: 'consistent' })
})

test('ledgers of before remember nothing, and are read; a later run remembers them', async () => {
  for (const run of ['a', 'b']) await record(run, false)
  expect(await check('a')).toEqual({ state: 'consistent', of: 3 })
  await record('c')
  expect(await check('b')).toMatchObject({ state: 'anchored', by: ['run c'] })
})

test('a run is anchored although many came after it', async () => {
  for (let count = 10; count < 30; count++) await record(`r${count}`)
  expect(await check('r10')).toMatchObject({ state: 'anchored', events: 3 })
  remake('r10', lines => lines.slice(0, 2))
  expect(await check('r10')).toMatchObject({ state: 'contradicted' })
})

test('a head that somebody has is held against it, whole or the first digits', async () => {
  await record('a')
  const head = (await store.read('a'))?.head ?? ''
  const has = (head: string) => check('a', { by: 'ann', head })
  expect(await has(head)).toEqual({ state: 'anchored', by: ['ann'], events: 3, of: 3 })
  expect(await has(head.slice(0, 12))).toMatchObject({ state: 'anchored' })
  expect(await has('0'.repeat(64))).toMatchObject({ state: 'contradicted', by: 'ann' })
  remake('a', lines => lines.map(line => line.replace('passed', 'failed')))
  expect(await has(head)).toMatchObject({ state: 'contradicted' })
})

describe('an honest run is contradicted by none', () => {
  /** Records a run by a clock that says this, under the id that is made by it. */
  async function recordAt(time: string, by: RunStore = store): Promise<string> {
    clock = Date.parse(`2026-11-22T${time}Z`) - 1000
    const run = `20261122-${time.replaceAll(':', '')}-aaaa`
    await recordIn(by, run)
    return run
  }

  const healthy = async () => {
    const states: [string, string][] = []
    for (const { id } of (await store.list()).runs) states.push([id, (await check(id)).state])
    return states.filter(([, state]) => state !== 'anchored' && state !== 'consistent')
  }

  test.each([
    ['one hour', ['12:00:00', '11:00:00']],
    ['one hour, with runs before and after it', ['10:00:00', '12:00:00', '11:00:00', '11:30:00', '13:00:00']],
    ['twice', ['12:00:00', '11:00:00', '11:10:00', '10:00:00', '10:05:00', '11:05:00', '12:30:00']],
    [
      'behind more runs than one remembers',
      [...Array.from({ length: 20 }, (_, at) => `12:00:${at + 10}`), '11:00:00', '11:00:30', '12:30:00'],
    ],
    ['by some seconds', ['12:00:10', '12:00:05', '12:00:07', '12:00:12']],
  ])('although the clock was set back: %s', async (_, times) => {
    for (const time of times) await recordAt(time)
    expect(await healthy()).toEqual([])
  })

  test('although it is set back while a run is under way', async () => {
    clock = Date.parse('2026-11-22T12:00:00Z')
    const writer = await store.begin('20261122-120000-aaaa', by)
    writer.append(begin(await store.heads()))
    await recordAt('12:00:20')
    clock = Date.parse('2026-11-22T11:00:00Z')
    writer.append(END)
    await writer.close()
    await recordAt('11:30:00')
    expect(await healthy()).toEqual([])
  })

  test('and one by whose clock the others are later is anchored, and found when it is cut', async () => {
    const first = await recordAt('12:00:00')
    const second = await recordAt('11:00:00')
    expect(await check(first)).toMatchObject({ state: 'anchored', by: [`run ${second}`] })
    remake(first, lines => lines.slice(0, 1))
    expect(await check(first)).toMatchObject({ state: 'contradicted', by: `run ${second}` })
  })

  test.each([
    ['here, there, here', [0, 1, 0]],
    ['there, here, there, here', [1, 0, 1, 0]],
    ['here, here, there, there, here', [0, 0, 1, 1, 0]],
    ['nine here, one there, here', [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]],
  ])('although runs went to another folder for a while: %s', async (_, places) => {
    const spare = join(root, 'state', 'runs')
    const now = () => {
      clock += 1000
      return new Date(clock)
    }
    const both = createStoreInTwoPlaces(folder, spare, { now })
    const each = [createFileStore(folder, { now }), createFileStore(spare, { now })]
    for (const [number, place] of places.entries()) {
      clock = Date.UTC(2026, 10, 22, 3, number)
      await recordIn(each[place] ?? store, `20261122-03${String(number).padStart(2, '0')}00-aaaa`, both)
    }
    // Whoever looks only here, as another account does, knows no less of what is here.
    for (const seen of [both, each[0] ?? store]) {
      store = seen
      expect(await healthy()).toEqual([])
      expect(await seen.missing()).toEqual([])
    }
  })

  test('although a run could not see what is there', async () => {
    await record('a')
    const writer = await store.begin('b', by)
    rmSync(join(root, 'elsewhere'), { force: true })
    writeFileSync(join(root, 'elsewhere'), '')
    await expect(createFileStore(join(root, 'elsewhere')).heads()).rejects.toThrow(/ENOTDIR/)
    writer.append(begin(undefined))
    writer.append(END)
    await writer.close()
    expect(await healthy()).toEqual([])
  })
})

describe('a run that was removed', () => {
  test('is missed: others have its head', async () => {
    for (const run of ['a', 'b', 'c']) await record(run)
    expect(await store.missing()).toEqual([])
    const head = (await store.read('b'))?.head
    rmSync(join(folder, 'b'), { recursive: true })
    expect(await store.missing()).toEqual([{ run: 'b', by: ['c'], head }])
  })

  test('is not missed once it was pruned, nor where its account alone kept it', async () => {
    for (const run of ['a', 'b']) await record(run)
    await store.prune({ before: new Date(clock + 1000), by, now: new Date(), dryRun: false })
    expect(await store.missing()).toEqual([])
    const spare = join(root, 'state', 'runs')
    mkdirSync(dirname(spare))
    const both = createStoreInTwoPlaces(folder, spare)
    await recordIn(createFileStore(spare), 'x', both)
    await recordIn(store, 'y', both)
    expect(await store.missing()).toEqual([])
    rmSync(join(spare, 'x'), { recursive: true })
    expect(await both.missing()).toMatchObject([{ run: 'x', by: ['y'] }])
  })
})
