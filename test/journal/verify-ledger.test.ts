import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  checkLedger,
  createFileStore,
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
  return checkLedger(store, recording, given)
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
    ['an event is taken out', lines => lines.toSpliced(1, 1)],
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
