import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let run: string
let whole: string
let other: string
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', 'url: https://x.example\nenvironments: { here: { auto: danger } }\n')
  handbook.write(
    'docs/change.md',
    '---\ntitle: Change\n---\n## Procedure\n### One\n```bash risk=change\ntrue\n```\n### Two\n```bash\nfalse\n```\n### Back\n```bash undoes=one\ntrue\n```\n',
  )
  handbook.write('docs/guide.md', '---\ntitle: Guide\n---\n## Procedure\n### Say\n```bash\ntrue\n```\n')
  other = readEvents((await runs('run', 'docs/guide.md', '--env', 'here', '--auto', '--json')).stdout)[0]?.run ?? ''
  run = readEvents((await runs('run', 'docs/change.md', '--env', 'here', '--auto', '--json')).stdout)[0]?.run ?? ''
  whole = readFileSync(file(), 'utf8')
}, 120_000)
afterAll(() => handbook.remove())
beforeEach(() => writeFileSync(file(), whole))

const runs = (...words: readonly string[]) => handbook.run(...words)
const file = () => join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')

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

const linesOf = (text: string) => text.trimEnd().split('\n')

describe('a ledger of which nothing can be read', () => {
  test.each<[string, (text: string) => string, string]>([
    ['has the line ends of another system', text => text.replaceAll('\n', '\r\n'), 'line 1 of'],
    ['begins with a mark of its byte order', text => `\ufeff${text}`, 'line 1 of'],
    ['has another letter in its first line', text => text.replace('"title":"Change"', '"title":"Chance"'), 'line 1 of'],
    ['is empty', () => '', 'is empty'],
  ])(
    'that %s is never green, and never silent',
    async (_, spoil, why) => {
      writeFileSync(file(), spoil(whole))
      const verified = await runs('runs', 'verify')
      expect(verified.exitCode).toBe(1)
      expect(verified.stdout).toContain(`✗ ${run}: unreadable: `)
      expect(verified.stdout).toContain(why)
      expect(verified.stdout).toContain('ledger.ndjson')
      expect(verified.stdout).toContain(other)
      expect((await runs('runs', 'verify', run)).exitCode).toBe(1)
      expect((await runs('runs', 'show', run)).exitCode).toBe(1)
      const listed = await runs('runs', 'list')
      expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(other) })
      expect(listed.stdout).not.toContain('NaN')
      expect(listed.stderr).toContain(`${run} has no ledger that can be read: `)
      const data = JSON.parse((await runs('runs', 'list', '--json')).stdout)
      expect(data.unreadable).toMatchObject([{ id: run, why: expect.stringContaining(why) }])
      const left = await runs('runs', 'unreverted')
      expect(oneLine(left.stdout)).toContain('What it changed is unknown, and may be unreverted')
      expect(left.stdout).toContain(run)
      expect(JSON.parse((await runs('runs', 'unreverted', '--env', 'here', '--json')).stdout).unreverted).toMatchObject(
        [{ run, unknown: expect.stringContaining(why) }],
      )
    },
    120_000,
  )

  test('is named when the file is gone, and its folder is there', async () => {
    rmSync(file())
    expect(await runs('runs', 'verify')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('is not there') })
    expect(oneLine((await runs('runs', 'unreverted')).stdout)).toContain('may be unreverted')
  }, 120_000)
})

describe('a ledger whose chain holds', () => {
  const add = (event: object) =>
    chain([
      ...linesOf(whole),
      JSON.stringify({ seq: linesOf(whole).length + 1, time: '2026-11-22T00:00:00.000Z', run, ...event }),
    ])

  test.each<[string, () => string]>([
    ['an event of a type that this version does not know', () => add({ type: 'run.reviewed', by: 'ann' })],
    [
      'a known one in another form',
      () => chain(linesOf(whole).map(line => line.replace(/"status":"passed"/, '"status":{"was":"passed"}'))),
    ],
    ['a start in another form', () => chain(linesOf(whole).map(line => line.replace(/"steps":\[/, '"phases":[')))],
  ])(
    'and has %s, is told to be of a newer version, and hides no other',
    async (_, make) => {
      writeFileSync(file(), make())
      for (const command of ['list', 'unreverted', 'verify']) {
        const { stdout, stderr } = await runs('runs', command)
        expect(oneLine(stdout + stderr), command).toContain('a newer version of handbook wrote it')
        expect(stdout + stderr, command).not.toContain('defect')
        if (command !== 'unreverted') expect(stdout).toContain(other)
      }
      for (const command of ['verify', 'show', 'export']) {
        const { exitCode, stdout, stderr } = await runs('runs', command, run)
        expect(exitCode, command).toBe(1)
        expect(oneLine(stdout + stderr), command).toContain('a newer version of handbook wrote it')
      }
      for (const command of ['resume', 'roll-back'])
        expect(await runs('runs', command, run, '--auto')).toMatchObject({
          stdout: '',
          stderr: expect.stringContaining(`${run}`),
        })
    },
    120_000,
  )
})

test('half a line at the end has one name in every command', async () => {
  writeFileSync(file(), whole.slice(0, -30))
  const word = `line ${linesOf(whole).length} is incomplete: its writer ended while it was writing`
  for (const words of [['list'], ['show', run], ['verify'], ['verify', run], ['export', run]]) {
    const { stdout, stderr } = await runs('runs', ...words)
    expect(oneLine(stdout + stderr), words.join(' ')).toContain(word)
  }
}, 120_000)

test('a run that begins is told of what cannot be read', async () => {
  writeFileSync(file(), '')
  const next = await runs('run', 'docs/guide.md', '--env', 'here', '--auto')
  expect(next.exitCode).toBe(0)
  expect(oneLine(next.stdout)).toContain(`What run ${run} changed is unknown, and may be unreverted`)
}, 120_000)

test('a run that was removed is missed by name', async () => {
  rmSync(join(handbook.cwd, '.handbook/runs', other), { recursive: true })
  for (const words of [['verify'], ['verify', other]]) {
    const { exitCode, stdout } = await runs('runs', ...words)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(new RegExp(`✗ ${other}: missing: run .* its head .* somebody removed it`))
  }
  expect(await runs('runs', 'show', other)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('somebody removed it'),
  })
}, 120_000)
