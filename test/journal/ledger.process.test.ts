import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFileStore, openUnrecordedRun, type RunFact } from '../../src/journal/index.ts'
import { requires } from '../environment/requires.ts'
import { bundleWorker } from '../execute/bundles.ts'
import { createRuns, readRecording, tell } from '../runner/run-page.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-ledger-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const now = () => new Date(Date.UTC(2026, 10, 22, 3, 15))
const start = (pid: number): RunFact => ({
  type: 'run.started',
  procedure: 'p',
  path: 'p.md',
  title: 'P',
  environment: 'lab',
  target: {},
  params: {},
  contentHash: '',
  by: { user: 'u', host: hostname(), pid },
  mode: 'auto',
  steps: [],
})
const FACTS: readonly RunFact[] = [
  { type: 'run.warned', message: 'first "chain":"x"}' },
  { type: 'step.output', step: 'a', stream: 'stdout', text: 'grüß\n🙂\u2028' },
  { type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] },
]

const by = { user: 'u', host: hostname(), pid: process.pid }
const open = (folder: string, run: string) => createFileStore(folder, { now }).begin(run, by)

async function write(run: string, folder = root, facts = FACTS): Promise<string> {
  const writer = await open(folder, run)
  for (const fact of facts) writer.append(fact)
  await writer.close()
  return join(folder, run)
}

test('keeps numbered, dated events, an event a line, and reads them back', async () => {
  const writer = await open(root, 'one')
  const events = FACTS.map(fact => writer.append(fact).event)
  const head = writer.head()
  await writer.close()
  expect(events[0]).toEqual({ seq: 1, time: '2026-11-22T03:15:00.000Z', run: 'one', ...FACTS[0] })
  expect(await readRecording(join(root, 'one'))).toEqual({ run: 'one', events, head })
  const lines = readFileSync(join(root, 'one/ledger.ndjson'), 'utf8').trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line).seq)).toEqual([1, 2, 3])
})

describe('a ledger that somebody touched is refused from the first bad line on', () => {
  test.each([
    ['a changed line', (text: string) => text.replace('first', 'First'), 1],
    ['a line taken out', (text: string) => text.split('\n').toSpliced(1, 1).join('\n'), 2],
    [
      'two lines swapped',
      (text: string) =>
        text
          .split('\n')
          .toSpliced(0, 2, ...text.split('\n').slice(0, 2).reverse())
          .join('\n'),
      1,
    ],
    ['half a line', (text: string) => text.slice(0, -20), 3],
    ['a line that is none', (text: string) => `${text}nonsense\n`, 4],
  ])('%s', async (name, change, line) => {
    const folder = await write(`touched-${name.replaceAll(' ', '-')}`)
    const file = join(folder, 'ledger.ndjson')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const content = await readRecording(folder)
    expect(content.badLine).toBe(line)
    expect(content.events).toHaveLength(line - 1)
  })
})

test('a run is never written over', async () => {
  await write('twice')
  await expect(open(root, 'twice')).rejects.toThrow(/EEXIST/)
})

test('what is no run is named, and the rest is listed, newest first', async () => {
  const runs = join(root, 'listed')
  for (const run of ['20261122-1', '20261122-2']) {
    const writer = await open(runs, run)
    writer.append(start(process.pid))
    for (const fact of FACTS) writer.append(fact)
    await writer.close()
  }
  mkdirSync(join(runs, 'empty'))
  const { runs: found, unreadable } = await createFileStore(runs).list()
  expect(found.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['20261122-2', 'passed'],
    ['20261122-1', 'passed'],
  ])
  expect(unreadable).toEqual(['empty'])
  expect(await createFileStore(join(root, 'nowhere')).list()).toEqual({ runs: [], unreadable: [], total: 0 })
})

test('a run without an end whose runner is gone was interrupted; one whose runner lives is running', async () => {
  const runs = join(root, 'ends')
  for (const [run, pid] of [
    ['gone', 2 ** 22 - 1],
    ['here', process.pid],
  ] as const) {
    const writer = await open(runs, run)
    writer.append(start(pid))
    await writer.close()
  }
  const { runs: found } = await createFileStore(runs).list()
  expect(found.map(({ id, running, outcome }) => [id, running, outcome])).toEqual([
    ['here', true, undefined],
    ['gone', false, 'interrupted'],
  ])
})

describe('a run goes on without its ledger', () => {
  test('when there is none at all', async () => {
    const writer = openUnrecordedRun(root, 'none', 'no room', now)
    const { event } = writer.append(FACTS[0] ?? { type: 'run.warned', message: '' })
    expect(event).toMatchObject({ seq: 1, run: 'none' })
    expect(writer.head()).toMatch(/^[0-9a-f]{64}$/)
    await writer.close()
  })

  test.runIf(requires('a full volume under the ledger', ['root', 'mount']))('when the volume gets full', async () => {
    const { execFileSync } = await import('node:child_process')
    const volume = join(root, 'volume')
    mkdirSync(volume)
    const bundles = await bundleWorker()
    const runs = createRuns(bundles.folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'handbook-test', volume])
    try {
      const writer = await open(volume, 'full')
      const page =
        '## Checks\n### one\n```bash\nhead -c 300000 /dev/zero | tr "\\0" x\n```\n### two\n```bash\necho on\n```\n'
      const { events } = await runs.run(page, { writer: () => writer })
      const told = tell(events).map(line => line.slice(0, 60))
      expect(told.filter(line => line.startsWith('warned: this run is not recorded'))).toEqual([])
      expect(told).toContain('two stdout: on\n')
      // When its end itself finds no room, that it stands elsewhere is told behind it.
      expect(told.findLast(line => !line.startsWith('warned: the record of this run goes on'))).toBe('= passed')
      // What was written is whole.
      expect((await readRecording(join(volume, 'full'))).badLine).toBeUndefined()
      expect(readFileSync(join(volume, 'full/ledger.ndjson'), 'utf8')).toMatch(/\n$/)
      expect((await readRecording(join(volume, 'full'))).events.at(-1)).toMatchObject({ outcome: 'passed' })
    } finally {
      execFileSync('umount', [volume])
      runs.remove()
      await bundles.remove()
    }
  })
})

test('a ledger can be appended to by nobody else while the chain holds', async () => {
  const folder = await write('appended')
  appendFileSync(join(folder, 'ledger.ndjson'), '{"seq":4,"chain":"0000"}\n')
  expect((await readRecording(folder)).badLine).toBe(4)
})

test('a list of the newest runs reads no older ones', async () => {
  const runs = join(root, 'many')
  for (let number = 1; number <= 30; number++) {
    const run = `20261122-0315${String(number).padStart(2, '0')}-aaaa`
    mkdirSync(join(runs, run), { recursive: true })
    // One that is read and is none is named.
    if (number > 5) await write(run, runs, [start(process.pid), ...FACTS])
  }
  const { runs: newest, unreadable, total } = await createFileStore(runs).list({ limit: 20 })
  expect(newest).toHaveLength(20)
  expect(total).toBe(30)
  expect(unreadable).toEqual([])
  expect((await createFileStore(runs).list()).unreadable).toHaveLength(5)
})

describe('a clock that is set back while a run is under way', () => {
  const hour = 3_600_000
  const record = async (run: string, steps: readonly number[], resumed = false) => {
    const times = [...steps]
    const clock = () => new Date(Date.UTC(2026, 10, 22, 3) + (times.shift() ?? 0))
    const runs = join(root, 'clocks')
    const begin = createFileStore(runs, { now: clock })
    const writer = await begin.begin(run, by)
    times.splice(0, times.length, ...steps)
    writer.append(start(process.pid))
    if (resumed) writer.append({ type: 'run.resumed', by, mode: 'auto' })
    writer.append({ type: 'run.finished', outcome: 'passed', seconds: 90, standing: [], rollBack: [] })
    await writer.close()
    return (await createFileStore(runs).list()).runs.find(({ id }) => id === run)
  }

  test.each<[string, readonly number[], boolean, object]>([
    ['as it goes', [0, 90_000], false, { took: 90 }],
    ['set back by an hour', [0, -hour], false, { took: 90, clockSetBack: true }],
    ['set back by less than the run took', [0, 30_000], false, { took: 90, clockSetBack: true }],
    ['a resumed run', [0, hour, hour + 90_000], true, { took: 3690 }],
    ['a resumed run, set back', [0, -hour, -hour + 90_000], true, { took: 90, clockSetBack: true }],
  ])('gives no negative time: %s', async (name, times, resumed, expected) => {
    const run = await record(name.replace(/\W+/g, '-'), times, resumed)
    expect(run).toMatchObject(expected)
    expect(run?.clockSetBack).toBe('clockSetBack' in expected ? true : undefined)
  })
})

test.each([
  ['removed', () => undefined],
  ['replaced', (folder: string) => write(basename(folder))],
])('a record that is %s while its run goes on is said to be lost', async (what, makeAnother) => {
  const run = `gone-${what}`
  const writer = await open(root, run)
  writer.append(start(process.pid))
  expect(writer.keeping).toEqual({ at: 'ledger' })
  rmSync(join(root, run), { recursive: true })
  await makeAnother(join(root, run))
  await writer.append({ type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] }).kept
  await writer.close()
  expect(writer.keeping).toMatchObject({
    at: 'nowhere',
    from: 1,
    to: 2,
    why: expect.stringContaining('ledger.ndjson is not the file'),
  })
})
