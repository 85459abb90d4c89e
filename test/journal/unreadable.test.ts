import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  checkLedger,
  createFileStore,
  isBroken,
  listChanges,
  type RunFact,
  type RunStore,
} from '../../src/journal/index.ts'

const RUN = '20261122-031502-k7f2'
const OTHER = '20261122-031401-b2c3'
const by = { user: 'ann', host: 'ops-1', pid: 1 }

let root: string
let store: RunStore
let file: string
let whole: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'handbook-unreadable-'))
  store = createFileStore(join(root, 'runs'), { now: () => new Date('2026-11-22T03:15:02Z') })
  for (const run of [OTHER, RUN]) {
    const writer = await store.begin(run, by)
    for (const fact of FACTS) await writer.append(fact).kept
    await writer.close()
  }
  file = join(root, 'runs', RUN, 'ledger.ndjson')
  whole = readFileSync(file, 'utf8')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const FACTS: readonly RunFact[] = [
  {
    type: 'run.started',
    procedure: 'p',
    path: 'p.md',
    title: 'P',
    environment: 'here',
    target: {},
    params: {},
    contentHash: '',
    by,
    mode: 'auto',
    steps: [{ id: 'one', title: 'One', phase: 'mitigate', risk: 'change' }],
  },
  { type: 'step.started', step: 'one', title: 'One', phase: 'mitigate', risk: 'change', attempt: 1, blockHash: '' },
  { type: 'step.finished', step: 'one', status: 'passed', seconds: 1 },
  { type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] },
]

const linesOf = (text: string) => text.trimEnd().split('\n')

/** Lines chained anew, as whoever can write a ledger can. */
function chain(lines: readonly string[]): string {
  let chain = ''
  return lines
    .map(line => {
      const written = line.replace(/,"chain":"[0-9a-f]{64}"\}$/, '}')
      chain = createHash('sha256').update(chain).update(written).digest('hex')
      return `${written.slice(0, -1)},"chain":"${chain}"}\n`
    })
    .join('')
}

const change = (make: (lines: string[]) => string[]) => (text: string) => chain(make(linesOf(text)))

/** What the index had said of a run before its ledger was touched says nothing of it any more. */
async function spoil(make: (text: string) => string): Promise<void> {
  expect(await store.unreverted()).toEqual([])
  writeFileSync(file, make(whole))
}

test.each<[string, (text: string) => string, string]>([
  ['has the line ends of another system', text => text.replaceAll('\n', '\r\n'), 'line 1 of '],
  ['begins with a byte order mark', text => `\ufeff${text}`, 'line 1 of '],
  ['has another letter in its first line', text => text.replace('"title":"P"', '"title":"Q"'), 'line 1 of '],
  ['begins with an empty line', text => `\n${text}`, 'line 1 of '],
  ['is empty', () => '', ' is empty'],
  ['has half a line', text => text.slice(0, 80), 'not one whole line'],
  ['has no line end', text => text.replaceAll('\n', ''), 'not one whole line'],
  ['does not begin with a start', change(lines => lines.slice(1)), 'line 1 of '],
  ['is another run’s', text => text.replaceAll(RUN, OTHER), 'line 1 of '],
  ['is another run’s, made anew', change(lines => lines.map(line => line.replace(RUN, OTHER))), 'line 1 of '],
  ['is made of events without a type', change(() => [`{"seq":1,"run":"${RUN}"}`]), 'a newer version'],
])('a ledger that %s is none that can be read: it may have changed anything, anywhere', async (_, make, why) => {
  await spoil(make)
  const { runs, unreadable } = await store.list()
  expect(runs.map(({ id }) => id)).toEqual([OTHER])
  expect(unreadable).toEqual([RUN])
  expect(await store.whyUnreadable(RUN)).toContain(why)
  expect(await store.whyUnreadable(RUN)).toContain(file)
  const recording = await store.read(RUN)
  expect(recording && isBroken(await checkLedger(store, recording))).toBe(true)
  for (const environment of [undefined, 'here', 'there'])
    expect(listChanges(await store.unreverted(environment))).toMatchObject([
      { run: RUN, unknown: expect.stringContaining(why) },
    ])
})

describe('a ledger whose chain holds', () => {
  const seq = (line: string, number: number) => line.replace(/^\{"seq":\d+/, `{"seq":${number}`)

  test.each<[string, (lines: string[]) => string[], number]>([
    ['a number that does not follow', lines => lines.toSpliced(1, 1), 2],
    ['one number twice', lines => lines.toSpliced(2, 0, lines[1] ?? ''), 3],
    ['a second start', lines => [...lines, seq(lines[0] ?? '', 5)], 5],
    ['a step behind its end', lines => [...lines, seq(lines[2] ?? '', 5)], 5],
    ['a second end', lines => [...lines, seq(lines[3] ?? '', 5)], 5],
    ['a line that is no JSON', lines => lines.with(2, '{"seq":3,"run":}'), 3],
    ['a line that is no event', lines => lines.with(2, '[3]'), 3],
  ])('but has %s, is not what was written', async (_, make, line) => {
    await spoil(change(make))
    const recording = await store.read(RUN)
    expect(recording).toMatchObject({ badLine: line })
    expect(recording && (await checkLedger(store, recording))).toEqual({ state: 'changed', line })
    const listed = (await store.list()).runs.find(({ id }) => id === RUN)
    expect(listed).toMatchObject({ badLine: line, running: false })
    // Behind it the run may have ended in any way.
    expect(listed?.outcome).toBeUndefined()
    expect(listChanges(await store.unreverted('here')).at(-1)).toMatchObject({
      run: RUN,
      unknown: expect.stringContaining(`line ${line} of`),
    })
    expect(await store.unreverted('there')).toEqual([])
  })

  const add = (event: object) => (lines: string[]) => [
    ...lines.slice(0, 3),
    JSON.stringify({ seq: 4, time: '2026-11-22T03:15:02.000Z', run: RUN, ...event }),
    ...lines.slice(3).map(line => seq(line, 5)),
  ]
  test.each<[string, (lines: string[]) => string[]]>([
    ['an event of another type', add({ type: 'step.frozen', step: 'one' })],
    ['an event of a type that is a word of the language', add({ type: 'constructor' })],
    ['an event without a type', add({})],
    ['an event whose time is none', add({ type: 'run.warned', message: '', time: 'soon' })],
    ['a status that is a record', lines => lines.map(line => line.replace('"status":"passed"', '"status":{}'))],
    ['another outcome', lines => lines.map(line => line.replace('"outcome":"passed"', '"outcome":"half"'))],
    ['an end without what stands', lines => lines.map(line => line.replace('"standing":[],', ''))],
  ])('and has %s, is a newer version’s: its run is named so, and the others are there', async (_, make) => {
    await spoil(change(make))
    const { runs, unreadable } = await store.list()
    expect(unreadable).toEqual([])
    const newer = expect.stringContaining('a newer version of handbook wrote it')
    expect(runs).toMatchObject([
      { id: RUN, newer, running: false },
      { id: OTHER, outcome: 'passed' },
    ])
    expect(runs[0]?.outcome).toBeUndefined()
    expect(listChanges(await store.unreverted('here')).at(-1)).toMatchObject({ run: RUN, page: 'P', unknown: newer })
    const recording = await store.read(RUN)
    // All of the chain counts, also behind what is not known.
    expect(readFileSync(file, 'utf8')).toContain(`"chain":"${recording?.head}"}\n`)
    expect(recording && (await checkLedger(store, recording))).toEqual({ state: 'newer', why: newer })
    const kept = await store.prune({ before: new Date(), by, now: new Date(), dryRun: true })
    expect(kept.kept).toMatchObject([{ run: RUN, reason: newer }])
  })

  test('is read up to half a line at its end, which has one name', async () => {
    await spoil(text => text.slice(0, -30))
    const recording = await store.read(RUN)
    expect(recording && (await checkLedger(store, recording))).toEqual({ state: 'consistent', of: 3, incomplete: 4 })
    expect((await store.list()).runs[0]).toMatchObject({ id: RUN, torn: true })
  })
})
