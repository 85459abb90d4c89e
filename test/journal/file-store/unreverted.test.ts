import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createFileStore,
  type Outcome,
  type RunFact,
  type RunStore,
  type Standing,
} from '../../../src/journal/index.ts'

let base: string
let store: RunStore
let minutes = 0
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-unreverted-'))
  store = openStore()
})
/** The store as another process sees it, which has read nothing yet. */
const openStore = () =>
  createFileStore(join(base, 'runs'), { now: () => new Date(Date.UTC(2026, 10, 22, 0, minutes++)) })
afterEach(() => rmSync(base, { recursive: true, force: true }))

const by = { user: 'u', host: 'here', pid: 2 ** 22 - 1 }
const steps = [
  { id: 'look', title: 'Look', phase: 'diagnose', risk: 'read' },
  { id: 'shed', title: 'Shed', phase: 'mitigate', risk: 'change' },
  { id: 'grow', title: 'Grow', phase: 'mitigate', risk: 'danger' },
  { id: 'admit', title: 'Admit', phase: 'roll-back', risk: 'change' },
] as const

const times = { timeout: 1000, retries: 0, every: 1000 }
const META = {
  look: times,
  shed: { ...times, temporary: true },
  grow: times,
  admit: { ...times, undoes: 'shed' },
} as const

interface Recorded {
  readonly environment?: string
  readonly deployment?: string
  readonly rollsBack?: string
  readonly steps?: readonly (typeof steps)[number]['id'][]
  /** The last step is not seen to end, and neither is the run. */
  readonly interrupted?: boolean
  /** Whether the record has what stands behind the fences. */
  readonly meta?: boolean
  readonly outcome?: Outcome
  readonly standing?: readonly Standing[]
  /** Whether the record says which runs there were, and how far they had come: those of before do not. */
  readonly placed?: boolean
}

async function record(run: string, options: Recorded): Promise<void> {
  const { environment = 'lab', rollsBack, interrupted, meta, outcome = 'healed', standing = [] } = options
  const after = options.placed ? await store.heads() : undefined
  const found = after?.find(other => other.run === rollsBack)?.seq
  const writer = await store.begin(run, by)
  const add = (fact: RunFact) => writer.append(fact)
  add({
    type: 'run.started',
    procedure: 'p',
    path: 'p.md',
    title: 'P',
    environment,
    ...(options.deployment === undefined ? {} : { deployment: options.deployment }),
    target: {},
    params: {},
    contentHash: '',
    by,
    mode: 'auto',
    steps: meta ? steps.map(step => ({ ...step, meta: META[step.id] })) : steps,
    ...(rollsBack === undefined ? {} : { rollsBack }),
    ...(found === undefined ? {} : { rollsBackFrom: found }),
    ...(after === undefined ? {} : { after }),
  })
  const taken = options.steps ?? []
  for (const [index, id] of taken.entries()) {
    const { title, phase, risk } = steps.find(step => step.id === id) ?? steps[0]
    add({ type: 'step.started', step: id, title, phase, risk, attempt: 1, blockHash: '' })
    if (!interrupted || index < taken.length - 1) add({ type: 'step.finished', step: id, status: 'passed', seconds: 0 })
  }
  if (!interrupted) add({ type: 'run.finished', outcome, seconds: 0, standing, rollBack: [] })
  await writer.close()
}

const list = async (environment = 'lab') =>
  (await store.unreverted(environment)).map(
    ({ run, standing }) => `${run}: ${standing.map(({ step }) => step).join(' ')}`,
  )

const shed = [{ step: 'shed', undoneBy: 'admit' }]

test('the runs that left changes unreverted are known by environment, newest first, and read again each time', async () => {
  await record('1', { steps: ['look'], outcome: 'ruled-out' })
  await record('2', { steps: ['shed'], standing: shed })
  await record('3', { steps: ['shed'], standing: shed, environment: 'other' })
  await record('4', { steps: ['shed', 'grow'], standing: [...shed, { step: 'grow' }], outcome: 'failed' })
  for (let time = 0; time < 2; time++) {
    expect(await list()).toEqual(['4: shed grow', '2: shed'])
    expect(await list('other')).toEqual(['3: shed'])
  }
  expect(await list('nowhere')).toEqual([])
})

test('a change is no longer among them once a later run rolled it back; one that it could not undo is', async () => {
  await record('1', { steps: ['shed', 'grow'], standing: [...shed, { step: 'grow' }] })
  await record('2', { steps: ['admit'], rollsBack: '1', outcome: 'passed' })
  expect(await list()).toEqual(['1: grow'])
  await record('3', { steps: ['shed'], standing: shed })
  await record('4', { rollsBack: '3', outcome: 'failed', standing: shed })
  expect(await list()).toEqual(['3: shed', '1: grow'])
  await record('5', { steps: ['admit'], rollsBack: '3', outcome: 'passed' })
  for (let time = 0; time < 2; time++) expect(await list()).toEqual(['1: grow'])
})

test('what a run changes anew, resumed after it was rolled back, is unreverted again', async () => {
  await record('1', { steps: ['shed'], outcome: 'cancelled', standing: shed })
  await record('2', { steps: ['admit'], rollsBack: '1', outcome: 'passed' })
  expect(await list()).toEqual([])
  const writer = await store.reopen('1')
  writer.append({ type: 'run.resumed', by, mode: 'auto' })
  writer.append({ type: 'run.finished', outcome: 'healed', seconds: 0, standing: shed, rollBack: [] })
  await writer.close()
  expect(await list()).toEqual(['1: shed'])
})

describe.each([
  ['goes on', () => {}],
  ['stands still', () => vi.spyOn(Date, 'UTC').mockReturnValue(0)],
  [
    'is set back',
    () => {
      minutes = 0
    },
  ],
])('while the clock %s', (_, touch) => {
  afterEach(() => void vi.restoreAllMocks())

  test.each([
    ['its roll back', { rollsBack: '20261122-000000-aaaa' }],
    ['a later run of its page', {}],
  ])('a change is reverted by %s, and unreverted again when its run goes on', async (_, other) => {
    minutes = 1000
    const run = '20261122-000000-aaaa'
    const changed = { steps: ['shed'], outcome: 'cancelled', standing: shed, placed: true } as const
    await record(run, changed)
    touch()
    await record('20261122-000000-bbbb', { steps: ['admit'], outcome: 'passed', placed: true, ...other })
    expect(await list()).toEqual([])
    expect(await store.laterReverts(run)).toMatchObject([{ step: 'admit' }])
    // An index that was lost, or was written before the runs ended, is of no weight.
    rmSync(join(base, 'changes.index'), { force: true })
    store = openStore()
    expect(await list()).toEqual([])
    touch()
    const writer = await store.reopen(run)
    writer.append({ type: 'run.resumed', by, mode: 'auto' })
    writer.append({ type: 'run.finished', outcome: 'healed', seconds: 0, standing: shed, rollBack: [] })
    await writer.close()
    expect(await list()).toEqual([`${run}: shed`])
    expect(await store.laterReverts(run)).toEqual([])
  })

  test('what an earlier run of the page undid is not undone for a later one', async () => {
    minutes = 1000
    await record('20261122-000000-aaaa', { steps: ['admit'], outcome: 'passed', placed: true })
    touch()
    await record('20261122-000000-bbbb', { steps: ['shed'], standing: shed, placed: true })
    expect(await list()).toEqual(['20261122-000000-bbbb: shed'])
  })
})

test('of a run that was killed, whatever it began to change is unreverted', async () => {
  await record('1', { steps: ['look', 'shed', 'grow'], interrupted: true })
  expect(await store.unreverted('lab')).toMatchObject([{ run: '1', title: 'P', interrupted: true }])
  expect(await list()).toEqual(['1: shed grow'])
})

test('one that can be resumed is looked at again: it may change something later', async () => {
  await record('1', { outcome: 'cancelled' })
  expect(await list()).toEqual([])
  const writer = await store.reopen('1')
  writer.append({ type: 'run.resumed', by, mode: 'auto' })
  writer.append({ type: 'run.finished', outcome: 'healed', seconds: 0, standing: shed, rollBack: [] })
  await writer.close()
  expect(await list()).toEqual(['1: shed'])
})

test('an index that is lost, damaged or cannot be written costs time, and nothing else', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  await record('2', { outcome: 'ruled-out' })
  await record('3', { steps: ['admit'], rollsBack: '1', outcome: 'passed' })
  expect(await list()).toEqual([])
  const index = join(base, 'changes.index')
  expect(readFileSync(index, 'utf8')).toContain('"2"')
  writeFileSync(index, `${readFileSync(index, 'utf8').slice(0, -20)}`)
  store = openStore()
  expect(await list()).toEqual([])
  rmSync(index)
  expect(await list()).toEqual([])
  // Runs that are indexed are not read again.
  rmSync(join(base, 'runs/2/ledger.ndjson'))
  expect(await list()).toEqual([])
})

test('of a run that was killed, its record says what can be undone, and what it undid itself', async () => {
  await record('1', { steps: ['look', 'shed', 'grow'], interrupted: true, meta: true })
  expect(await store.unreverted('lab')).toMatchObject([
    { run: '1', environment: 'lab', standing: [{ step: 'shed', title: 'Shed', undoneBy: 'admit' }] },
  ])
  await record('2', { steps: ['shed', 'admit', 'look'], interrupted: true, meta: true, environment: 'other' })
  expect(await list('other')).toEqual([])
})

test('a later run of the page that takes the step that undoes a change reverts it, in that environment only', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  await record('2', { steps: ['admit'], outcome: 'passed', environment: 'other' })
  expect(await list()).toEqual(['1: shed'])
  await record('3', { steps: ['admit'], outcome: 'passed' })
  for (let time = 0; time < 2; time++) expect(await list()).toEqual([])
  await record('4', { steps: ['shed'], standing: shed })
  expect(await list()).toEqual(['4: shed'])
})

test('without an environment, those of all are told', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  await record('2', { steps: ['shed'], standing: shed, environment: 'other' })
  expect((await store.unreverted()).map(({ run, environment }) => `${run} ${environment}`)).toEqual([
    '2 other',
    '1 lab',
  ])
})

test('an index that somebody damaged, or that is out of date, is not believed', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  await record('2', { steps: ['shed'], standing: shed })
  expect(await list()).toEqual(['2: shed', '1: shed'])
  const index = join(base, 'changes.index')
  writeFileSync(index, readFileSync(index, 'utf8').replaceAll('"standing":[{', '"standing":[],"was":[{'))
  store = openStore()
  expect(await list()).toEqual(['2: shed', '1: shed'])
  // Restored from a backup: the run is another one, under the same name.
  rmSync(join(base, 'runs/1'), { recursive: true })
  await record('1', { outcome: 'ruled-out' })
  expect(await list()).toEqual(['2: shed'])
  rmSync(join(base, 'runs/2'), { recursive: true })
  expect(await list()).toEqual([])
})

test('what another process appends to the index meanwhile is read, also after half a line', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  // The first time writes the index, and the second reads it.
  for (let time = 0; time < 2; time++) expect(await list()).toEqual(['1: shed'])
  const index = join(base, 'changes.index')
  appendFileSync(index, 'half a line')
  await record('2', { steps: ['shed'], standing: shed })
  const ledger = join(base, 'runs/2/ledger.ndjson')
  utimesSync(ledger, 1_000_000_000, 1_000_000_000)
  expect(await openStore().unreverted('lab')).toHaveLength(2)
  // It looks as before, and says nothing any more: only the index can tell of it.
  writeFileSync(ledger, readFileSync(ledger, 'utf8').replaceAll(/[^\n]/g, ' '))
  utimesSync(ledger, 1_000_000_000, 1_000_000_000)
  expect(await list()).toEqual(['2: shed', '1: shed'])
})

test('what was indexed is not read again, also when it can be resumed or was not undone', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  await record('2', { outcome: 'cancelled' })
  await list()
  const length = readFileSync(join(base, 'changes.index'), 'utf8').length
  await list()
  expect(readFileSync(join(base, 'changes.index'), 'utf8')).toHaveLength(length)
})

test('an old run that changed nothing, and is resumed and changes something, is among them', async () => {
  await record('000', { steps: ['look'], outcome: 'failed' })
  for (let number = 1; number <= 70; number++) await record(String(number).padStart(3, '0'), { outcome: 'ruled-out' })
  expect(await list()).toEqual([])
  const writer = await store.reopen('000')
  writer.append({ type: 'run.resumed', by, mode: 'auto' })
  writer.append({ type: 'run.finished', outcome: 'healed', seconds: 0, standing: shed, rollBack: [] })
  await writer.close()
  expect(await list()).toEqual(['000: shed'])
})

test('an old run that left a change, and is resumed and undoes it, is not among them any more', async () => {
  await record('000', { steps: ['shed'], standing: shed })
  for (let number = 1; number <= 70; number++) await record(String(number).padStart(3, '0'), { outcome: 'ruled-out' })
  expect(await list()).toEqual(['000: shed'])
  const writer = await store.reopen('000')
  writer.append({ type: 'run.resumed', by, mode: 'auto' })
  writer.append({ type: 'run.finished', outcome: 'healed', seconds: 0, standing: [], rollBack: [] })
  await writer.close()
  expect(await list()).toEqual([])
  store = openStore()
  expect(await list()).toEqual([])
})

test('old runs that changed nothing are named by one line, and read no more', async () => {
  for (let number = 0; number < 200; number++) await record(String(number).padStart(3, '0'), { outcome: 'ruled-out' })
  await list()
  const index = () =>
    readFileSync(join(base, 'changes.index'), 'utf8')
      .trim()
      .split('\n')
      .map(line => line.slice(9))
  expect(index().filter(line => line.includes(' 000 ') || line.endsWith(' 000'))).toHaveLength(1)
  expect(index()).toHaveLength(65)
  // What is not looked at may as well be damaged.
  writeFileSync(join(base, 'runs', '000', 'ledger.ndjson'), 'nothing')
  store = openStore()
  expect(await list()).toEqual([])
})

test('a file beside the runs is no run', async () => {
  await record('1', { steps: ['shed'], standing: shed })
  for (const name of ['.DS_Store', 'notes.txt']) writeFileSync(join(base, 'runs', name), 'x')
  expect(await list()).toEqual(['1: shed'])
  expect((await store.list()).runs.map(({ id }) => id)).toEqual(['1'])
  expect((await store.underWay('lab')).map(({ run }) => run)).toEqual([])
  expect(await store.heads()).not.toEqual([])
  expect(await store.missing()).toEqual([])
})

test('what was changed in a deployment that is gone is not of the one that came after it', async () => {
  await record('1', { steps: ['shed'], standing: shed, deployment: 'first' })
  await record('2', { steps: ['shed'], standing: shed })
  await record('3', { steps: ['shed'], standing: shed, deployment: 'second' })
  for (let time = 0; time < 2; time++) {
    expect((await store.unreverted('lab', 'second')).map(({ run }) => run)).toEqual(['3', '2'])
    expect((await store.unreverted('lab')).map(({ run, deployment }) => `${run} ${deployment}`)).toEqual([
      '3 second',
      '2 undefined',
      '1 first',
    ])
  }
})
