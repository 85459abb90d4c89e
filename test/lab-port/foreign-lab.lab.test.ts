import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Proof, proofSchema } from '../../src/journal/index.ts'
import { createHandbook } from '../cli/handbook.ts'
import { requires } from '../environment/requires.ts'

let shop: Awaited<ReturnType<typeof createHandbook>>
/** Everything that a command of this handbook printed or wrote. */
const said: string[] = []

beforeAll(async () => {
  shop = await createHandbook()
  cpSync(join(import.meta.dirname, 'shop'), shop.cwd, { recursive: true })
})
afterAll(() => shop.remove())

/** Runs a command in the shop's handbook, and remembers what it said. */
async function run(...words: readonly string[]) {
  const result = await shop.run(...words)
  said.push(`handbook ${words.join(' ')}\n${result.stdout}${result.stderr}`)
  return result
}

/** Words that only the lab and the pages of our own service may use. */
const OURS = /upload|bridge|\btus\b|downstream|storage-filling/i

test('help, lists, pages and errors have no word of another service', async () => {
  const commands = ['run', 'show', 'list', 'runs', 'check', 'new', 'alerts', 'drill', 'assess', 'lab']
  await Promise.all([
    run('--help'),
    ...commands.map(command => run(command, '--help')),
    ...['up', 'down', 'status', 'break', 'heal'].map(verb => run('lab', verb, '--help')),
    ...['runbook', 'check', 'guide'].map(kind => run('new', kind, '--help')),
    run('list'),
    run('show', 'till-down'),
    run('lab', 'status'),
    run('lab', 'status', '--json'),
    run('lab', 'down'),
    run('alerts', 'check', 'rules'),
    run('new', 'runbook', 'till-slow'),
    run('new', 'guide', 'count-the-till'),
    run('new', 'check', 'till'),
  ])
  for (const words of [
    ['drill', 'nope'],
    ['run', 'nope'],
    ['run', 'till-down'],
    ['lab', 'break', 'till-gon'],
    ['assess'],
    ['assess', '--env', 'practice'],
  ])
    expect((await run(...words)).exitCode, words.join(' ')).toBe(2)
  for (const page of ['runbooks/till-slow.md', 'docs/count-the-till.md', 'docs/till.md']) {
    const path = join(shop.cwd, page)
    if (existsSync(path)) said.push(readFileSync(path, 'utf8'))
  }
  expect(await run('check', 'runbooks/till-down.md')).toMatchObject({ exitCode: 0 })
  for (const text of said) expect(text).not.toMatch(OURS)
})

test('help names the faults of its lab, and a slip is corrected', async () => {
  expect((await run('lab', 'break', '--help')).stdout).toContain('One of till-gone')
  expect((await run('lab', 'break', 'till-gon')).stderr).toContain('Did you mean till-gone? There is only: till-gone')
})

describe.runIf(requires('drills with alerts', ['prometheus', 'prometheus-alertmanager']))('a drill', () => {
  test('proves a page in a lab of its own, in its own words', { timeout: 240_000 }, async () => {
    const { stdout, stderr, exitCode } = await run('drill', '--all', '--json')
    const { proofs }: { proofs: Proof[] } = JSON.parse(stdout)
    expect(proofs, stderr).toMatchObject([
      { id: 'till-down--till-gone', proven: true, alert: 'TillDown', workload: { name: 'orders', lost: 0 } },
    ])
    const [proof] = proofs
    expect(proof?.workload?.acknowledged).toBeGreaterThanOrEqual(40)
    expect(proof?.workload?.counts.kept).toBeGreaterThanOrEqual(40)
    expect(proof?.felt?.failedShare).toBeGreaterThan(0)
    expect(proof?.standsOn).toMatchObject({ fault: expect.any(String), shipped: expect.any(String) })
    expect(stderr).toMatch(/orders acknowledged, \d+ kept, 0 lost/)
    expect(exitCode).toBe(0)
    const written = readFileSync(join(shop.cwd, 'static/proofs/till-down--till-gone.json'), 'utf8')
    expect(proofSchema.parse(JSON.parse(written))).toEqual(proof)
    said.push(written)
    const none = await run('drill', '--all', '--changed')
    expect(none.stderr).toContain('Every one of these drills is proven as things are now: none was performed')
    expect(none.exitCode).toBe(0)
    for (const format of ['markdown', 'html', 'json', 'junit'])
      await run('runs', 'export', proof?.run ?? '', '--format', format)
    await run('runs', 'list')
    expect((await run('check', 'runbooks/till-down.md')).stdout).not.toContain('proof-current')
    for (const text of said) expect(text).not.toMatch(OURS)
  })

  test('works with commands as well; what was lost nobody knows then', { timeout: 240_000 }, async () => {
    const verbs = ['up', 'down', 'status', 'break', 'heal']
    const commands = verbs.map(verb => `${verb}: ${process.execPath} lab.mjs ${verb}`).join(', ')
    const yaml = readFileSync(join(shop.cwd, 'handbook.yaml'), 'utf8')
    shop.write('handbook.yaml', yaml.replace('{ module: ./lab.mjs }', `{ commands: { ${commands} } }`))
    const { stdout, stderr, exitCode } = await run('drill', 'till-down', '--times', '2', '--json')
    const { proofs }: { proofs: Proof[] } = JSON.parse(stdout)
    const proven = { proven: true, outcome: 'healed', control: 'ruled-out' }
    expect(proofs, stderr).toMatchObject([proven, proven])
    expect(stderr).toMatch(/till-down--till-gone \(1 of 2\)\n(?:.*\n)+till-down--till-gone \(2 of 2\)\n/)
    expect(proofs[0]).not.toHaveProperty('workload')
    expect(exitCode).toBe(0)
    expect(readdirSync(join(shop.cwd, '.handbook', 'drills'))).toEqual([])
    shop.write('handbook.yaml', yaml)
  })
})

describe('a handbook without a lab says so', () => {
  beforeAll(() => {
    const yaml = readFileSync(join(shop.cwd, 'handbook.yaml'), 'utf8')
    shop.write('handbook.yaml', yaml.replace('lab: { module: ./lab.mjs }\n', ''))
  })

  test.each([
    [['drill', '--all']],
    [['lab', 'up']],
    [['lab', 'down']],
    [['lab', 'status']],
    [['lab', 'break', 'till-gone']],
    [['lab', 'heal']],
    [['run', 'till-down', '--env', 'practice']],
  ])('%s', async words => {
    const { exitCode, stdout, stderr } = await run(...words)
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('its handbook.yaml names no lab')
    expect(stderr).toContain('lab: { module: ./lab.mjs }')
    expect(stderr).not.toMatch(OURS)
  })

  test('check, too, at the drill', async () => {
    const { stdout } = await run('check', 'runbooks/till-down.md')
    expect(stdout).toMatch(/till-down\.md:5:\d+ error drill-fault\n.*handbook\.yaml names none/)
  })
})

test.each([
  ['that is not there', '{ module: ./gone.mjs }', 'the lab ./gone.mjs cannot be loaded'],
  ['that exports no lab', '{ module: ./till.mjs }', './till.mjs exports no lab'],
  ['that is no code', '{ module: ./rules/till.rules.yaml }', 'cannot be loaded'],
])('a module %s is said plainly', async (_, lab, message) => {
  shop.write('handbook.yaml', `url: https://shop.example\nlab: ${lab}\nenvironments: { practice: { lab: true } }\n`)
  for (const words of [
    ['lab', 'status'],
    ['run', 'till-down', '--env', 'practice'],
  ]) {
    const { exitCode, stderr } = await run(...words)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) })
    expect(stderr).not.toMatch(/\n {4}at |defect/)
  }
  const { stdout } = await run('check', 'runbooks/till-down.md')
  expect(stdout).toContain(message)
})
