import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { OUR_CATALOGUE } from '../readiness/our-catalogue.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>

beforeAll(async () => {
  handbook = await createHandbook()
  cpSync(join(import.meta.dirname, '../lint/handbook'), handbook.cwd, { recursive: true })
  appendFileSync(join(handbook.cwd, 'handbook.yaml'), 'readiness: catalogue.yaml\n')
  handbook.write('catalogue.yaml', OUR_CATALOGUE)
})
afterAll(() => handbook.remove())

const read = (path: string) => readFileSync(join(handbook.cwd, path), 'utf8')

/** What is wrong with a page: its rules, and the lines that `finished-prose` names. */
async function check(path: string): Promise<{ rules: string[]; unfinished: number[] }> {
  const { stdout } = await handbook.run('check', path, '--json')
  const problems: Problem[] = JSON.parse(stdout).problems
  return {
    rules: [...new Set(problems.map(({ rule }) => rule))].sort(),
    unfinished: problems.filter(({ rule }) => rule === 'finished-prose').map(({ line }) => line),
  }
}

function linesWith(word: string, text: string): number[] {
  return text.split('\n').flatMap((line, index) => (line.includes(word) ? [index + 1] : []))
}

describe('a runbook for an alert that a rule file has', () => {
  it('tells where it is and what to do next', async () => {
    const args = ['new', 'runbook', 'queue-stuck', '--alert', 'ExampleAlert', '--owner', 'storage']
    const { exitCode, stdout, stderr } = await handbook.run(...args)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('✓ Wrote runbooks/queue-stuck.md')
    expect(stdout).toContain('Let the alert ExampleAlert lead here')
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
    const [, ...words] =
      /handbook (run \S+ --dry-run.*)/.exec(stdout.replaceAll(/\s+/g, ' '))?.[1]?.trim().split(' ') ?? []
    expect(words).toEqual(['queue-stuck', '--dry-run', '--env', 'production'])
    expect((await handbook.run('run', ...words)).stderr).not.toContain('--env')
  })

  it('shows the rule, and is complete but for what its author must fill in', async () => {
    const text = read('runbooks/queue-stuck.md')
    expect(text).toContain('`ExampleAlert` fires when this is so:\n\n```promql\nup == 0\n```')
    const { rules, unfinished } = await check('runbooks/queue-stuck.md')
    expect(rules).toEqual(['finished-prose', 'has-drill', 'reviewed-lately'])
    expect(unfinished).toEqual(linesWith('TODO', text))
    expect(unfinished.length).toBeGreaterThan(5)
  })

  it('has every step of a run', async () => {
    const { phases, problems } = parseProcedure(read('runbooks/queue-stuck.md'), 'runbooks/queue-stuck.md')
    expect(problems).toEqual([])
    expect(phases.map(({ name, steps }) => [name, steps.length])).toEqual([
      ['diagnose', 1],
      ['mitigate', 1],
      ['verify', 1],
      ['roll-back', 0],
    ])
  })
})

it('a runbook of which nothing is known yet asks for its owner and its alerts', async () => {
  const { stdout } = await handbook.run('new', 'runbook', 'unknown', '--title', 'Nobody knows: "why"', '--json')
  const { path, id, kind, next } = JSON.parse(stdout)
  expect({ path, id, kind }).toEqual({ path: 'runbooks/unknown.md', id: 'unknown', kind: 'runbook' })
  expect(next).toContain('Name its owner: one of storage')
  const text = read(path)
  expect(parseProcedure(text, path).title).toBe('Nobody knows: "why"')
  const { rules, unfinished } = await check(path)
  expect(rules).toEqual(['finished-prose', 'has-drill', 'known-owner', 'reviewed-lately'])
  expect(unfinished).toContain(linesWith('alerts: []', text)[0])
})

it('an alert that is in no rule file is to be added there', async () => {
  const { stdout } = await handbook.run('new', 'runbook', 'brand-new', '--alert', 'BrandNew', '--json')
  expect(JSON.parse(stdout).next).toContain(
    'Add the alert BrandNew to static/monitoring, with runbook_url: https://handbook.example/runbooks/brand-new',
  )
  expect((await check('runbooks/brand-new.md')).rules).toContain('alert-exists')
})

it.each([
  ['check', 'log', 'assessment', ['finished-prose', 'item-has-check']],
  ['guide', 'rotate-keys', 'guide', ['finished-prose']],
])('a %s is complete but for what its author must fill in', async (kind, name, parsed, rules) => {
  const { stdout } = await handbook.run('new', kind, name, '--json')
  const { path } = JSON.parse(stdout)
  const text = read(path)
  expect(parseProcedure(text, path).kind).toBe(parsed)
  expect(await check(path)).toEqual({ rules, unfinished: linesWith('TODO', text) })
})

it('lets a check be the first item of an area of its own where no catalogue says what there is', async () => {
  const plain = handbook.write('../plain/handbook.yaml', 'url: https://x.example\n')
  const { exitCode, stdout } = await handbook.shell(
    `cd ${dirname(plain)} && $HANDBOOK new check brewing && $HANDBOOK check --json`,
  )
  expect(exitCode).toBe(1)
  const { problems } = JSON.parse(stdout.slice(stdout.indexOf('{"problems"')))
  expect(problems.map(({ rule }: Problem) => rule)).toEqual(['finished-prose', 'finished-prose', 'finished-prose'])
})

it('writes nothing over a page, not even over one that the handbook does not know', async () => {
  writeFileSync(join(handbook.cwd, 'runbooks/mine.md'), '---\nid: yours\n---\n')
  const { exitCode, stdout, stderr } = await handbook.run('new', 'runbook', 'mine')
  expect(stderr).toMatch(/^✗ runbooks\/mine\.md cannot be written: file already exists \(EEXIST\)\n {2}\S/)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
  expect(read('runbooks/mine.md')).toBe('---\nid: yours\n---\n')
})

it.each([
  [['new', 'runbook', 'Queue Stuck.md'], '“Queue Stuck.md” is no id', 'queue-stuck'],
  [['new', 'runbook', '../out'], '“../out” is no id', 'out'],
  [['new', 'runbook', 'another'], 'There is a page another already: runbooks/another.md', 'another name'],
  [['new', 'runbook', 'yours'], 'There is a page yours already: runbooks/mine.md', 'another name'],
  [
    ['new', 'runbook', 'new-one', '--owner', 'storaeg'],
    'handbook.yaml knows no owner storaeg',
    'Did you mean storage?',
  ],
  [['new', 'runbook', 'new-one', '--alert', 'new one'], '“new one” is no alert', 'CamelCase'],
  [['new', 'runbook', 'new-one', '--dir', 'static'], 'static is no folder of pages', 'pages: [docs, runbooks]'],
  [['new', 'runbook', 'new-one', '--dir', '..'], '.. is no folder of pages', 'pages: [docs, runbooks]'],
  [['new', 'runbook', 'new-one', '--dir', 'runbooks/mine.md'], 'cannot be written', 'Nothing was changed'],
  [['new', 'guide', 'new-one', '--alert', 'A'], 'alert', '--help'],
  [['new', 'check', 'logs'], 'The readiness assessment has no area logs', 'Did you mean log?'],
  [['new', 'page', 'new-one'], 'handbook new has no page', 'guide'],
  [['new', 'runbook'], 'Missing required positional argument: NAME', ''],
])('ends with 2 for %j, and writes nothing', async (args, message, hint) => {
  const { exitCode, stdout, stderr } = await handbook.run(...args)
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
  expect(() => read('runbooks/new-one.md')).toThrow('ENOENT')
})
