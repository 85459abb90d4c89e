import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStore, type RunFact, type RunWriter } from '../../src/journal/index.ts'
import { keepOutput, OUTPUT_LIMITS } from '../../src/runner/keep-output.ts'
import { eventually } from '../execute/living.ts'
import { provideRuns } from './provide-runs.ts'

let folder: string
let writer: RunWriter
beforeEach(async () => {
  const root = mkdtempSync(join(tmpdir(), 'handbook-output-'))
  writer = await createFileStore(root).begin('r', { user: 'u', host: hostname(), pid: process.pid })
  folder = join(root, 'r')
})
afterEach(async () => {
  await writer.close()
  rmSync(dirname(folder), { recursive: true, force: true })
})

const LIMITS = { told: 100, newest: 40, file: 10_000, every: 60_000, atMost: 60_000 }

function keep(limits = LIMITS) {
  const facts: RunFact[] = []
  const keeper = keepOutput({ emit: async fact => void facts.push(fact), writer }, 'one', 1, limits)
  return {
    facts,
    print: (text: string, stream: 'stdout' | 'stderr' = 'stdout') => keeper.push([{ stream, text }]),
    end: keeper.end,
  }
}

const told = (facts: readonly RunFact[]) => facts.flatMap(fact => (fact.type === 'step.output' ? fact.text : ''))

test('little is told as it comes, and no file is made', () => {
  const { facts, print, end } = keep()
  print('a\n')
  print('b\n', 'stderr')
  end()
  expect(facts).toEqual([
    { type: 'step.output', step: 'one', stream: 'stdout', text: 'a\n' },
    { type: 'step.output', step: 'one', stream: 'stderr', text: 'b\n' },
  ])
  expect(existsSync(join(folder, 'output'))).toBe(false)
})

test('of much, the first part and the newest lines are told, and all of it is kept', () => {
  const { facts, print, end } = keep()
  const lines = Array.from({ length: 100 }, (_, number) => `line ${number} ü\n`)
  for (const line of lines) print(line)
  end()
  const all = lines.join('')
  const bytes = Buffer.byteLength(all)
  expect(readFileSync(join(folder, 'output/one.1.log'), 'utf8')).toBe(all)
  const sha256 = createHash('sha256').update(all).digest('hex')
  expect(facts.at(-1)).toEqual({
    type: 'step.output-kept',
    step: 'one',
    bytes,
    file: 'output/one.1.log',
    kept: bytes,
    sha256,
  })
  const texts = told(facts)
  const newest = facts.findIndex(fact => fact.type === 'step.output' && fact.skipped !== undefined)
  const first = texts.slice(0, newest).join('')
  const last = texts.slice(newest).join('')
  expect(all.startsWith(first)).toBe(true)
  expect(last).toBe('line 96 ü\nline 97 ü\nline 98 ü\nline 99 ü\n')
  expect(facts[newest]).toMatchObject({ skipped: bytes - Buffer.byteLength(first + last) })
})

test('the newest lines are told while the step goes on, ever more seldom', async () => {
  const { facts, print, end } = keep({ ...LIMITS, every: 20, atMost: 80 })
  print('x'.repeat(150))
  expect(told(facts)).toEqual([])
  for (const word of ['one\n', 'two\n']) {
    print(word)
    expect(await eventually(() => told(facts).join('').endsWith(word))).toBe(true)
  }
  end()
})

test('a file ends at its limit, and what was printed is counted all the same', () => {
  const { facts, print, end } = keep({ ...LIMITS, file: 1000 })
  for (let count = 0; count < 100; count++) print('0123456789'.repeat(5))
  end()
  const kept = readFileSync(join(folder, 'output/one.1.log'))
  expect(kept.length).toBe(1000)
  const sha256 = createHash('sha256').update(kept).digest('hex')
  expect(facts.at(-1)).toMatchObject({ bytes: 5000, kept: 1000, sha256 })
})

test('where nothing can be kept, that is said, and the step goes on', () => {
  writeFileSync(join(folder, 'output'), 'in the way')
  const { facts, print, end } = keep()
  print('x'.repeat(200))
  end()
  expect(facts.at(-1)).toMatchObject({
    type: 'step.output-kept',
    bytes: 200,
    kept: 0,
    problem: expect.stringMatching(/EEXIST|ENOTDIR/),
  })
})

test('what an earlier try left is not written over', () => {
  mkdirSync(join(folder, 'output'))
  writeFileSync(join(folder, 'output/one.1.log'), 'earlier')
  const { facts, print, end } = keep()
  print('x'.repeat(200))
  end()
  expect(facts.at(-1)).toMatchObject({ file: 'output/one.1-2.log' })
  expect(readFileSync(join(folder, 'output/one.1.log'), 'utf8')).toBe('earlier')
})

test('the limits are those that the page on running names', () => {
  const page = readFileSync('docs/running.md', 'utf8').replaceAll(/<!-- =\S+ -->/g, '')
  expect(page).toContain(`first ${OUTPUT_LIMITS.told / 1024} KiB of a step's output`)
  expect(page).toContain(`up to ${OUTPUT_LIMITS.file / 1024 / 1024} MiB`)
})

const runs = provideRuns()

test.each([
  ['bash', '```bash\nhead -n 20000 < <(yes "a line that holds $TOKEN in it")\n```'],
  ['ts', "```ts\nconsole.log(`a line that holds ${secret('token')} in it\\n`.repeat(20_000))\n```"],
])('a step in %s that prints much keeps no secret, neither in events nor in its file', async (_, block) => {
  const { events, folder } = await runs.run(`## Checks\n### one\n${block}\n`, {
    secrets: { token: 'very-secret-4711' },
    environment: { secrets: { token: { env: 'T', for: 'read' } } },
  })
  const kept = events.find(event => event.type === 'step.output-kept')
  const file = readFileSync(join(folder, kept?.file ?? ''), 'utf8')
  expect(file.length).toBe(kept?.kept)
  expect(file.match(/a line that holds \[redacted\] in it\n/g)).toHaveLength(20_000)
  expect(JSON.stringify(events) + file).not.toContain('4711')
  const length = told(events).join('').length
  expect(length).toBeGreaterThan(OUTPUT_LIMITS.told / 2)
  expect(length).toBeLessThan(OUTPUT_LIMITS.told + 20 * OUTPUT_LIMITS.newest)
})
