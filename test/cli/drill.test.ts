import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OUR_CATALOGUE } from '../readiness/our-catalogue.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('catalogue.yaml', OUR_CATALOGUE)
})
afterEach(() => handbook.remove())

/** A handbook about another service than the lab's. */
const FOREIGN = `url: https://x.example
readiness: catalogue.yaml
services: [nginx]
target: { url: { type: string, description: where } }
environments: { local: { auto: danger, target: { url: "http://127.0.0.1:9" } } }
`
/** One that the lab is made for. */
const OURS = `url: https://x.example
readiness: catalogue.yaml
rules: [rules]
services: [api]
target: { url: { type: string, description: where } }
environments: { lab: { lab: true } }
`

/** A runbook each of whose blocks leaves a mark. */
function runbook(drills: string, id = ''): string {
  const block = '```bash\ntouch "$HOME/ran"\nhb suggest mend why\n```\n'
  return `---
title: It is gone
${id}alerts: [ThingGone]
drills: ${drills}
---

## Diagnose

### Look <!-- #look -->

${block}
## Mitigate

### Mend <!-- #mend -->

\`\`\`bash irreversible="no way back"
touch "$HOME/ran"
\`\`\`

## Verify

### See <!-- #see -->

${block.replace('hb suggest mend why\n', '')}`
}

/** Runs a command that must be refused before anything is started, and gives what it said. */
async function refused(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await handbook.run(...words)
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).not.toMatch(/lab comes up|Starting a lab|defect of the handbook|\n {4}at /)
  expect(existsSync(join(handbook.home, 'ran'))).toBe(false)
  expect(readdirSync(handbook.cwd)).not.toContain('.handbook')
  return stderr
}

describe('a fault that the lab does not know is refused before anything is started', () => {
  test.each([
    ['storage-filing', 'Did you mean storage-filling?\n'],
    ['downstream-hangin', 'Did you mean downstream-hanging?\n'],
    ['nginx-gone', 'There are: '],
    ['constructor', 'There are: '],
    ['toString', 'There are: '],
    ['__proto__', 'There are: '],
    ['../../etc', 'There are: '],
    ['""', 'There are: '],
  ])('%s', async (fault, hint) => {
    handbook.write('handbook.yaml', handbook.lab + OURS)
    handbook.write('rules/x.rules.yaml', 'groups: []\n')
    handbook.write('runbooks/gone.md', runbook(`[{ fault: ${fault}, expect: [mend] }]`))
    const said = await refused('drill', 'gone')
    expect(said).toMatch(/^✗ runbooks\/gone\.md:4:19 The lab knows no fault /)
    expect(said).toContain(hint)
    expect(said).toMatch(/Did you mean|There are: \S+, .* and \d+ more\n/)
    for (const words of [
      ['drill', '--all'],
      ['drill', 'ThingGone'],
      ['drill', 'runbooks/gone.md'],
    ])
      expect(await refused(...words)).toBe(said)
  })

  test('among others that it knows, each at its place', async () => {
    handbook.write('handbook.yaml', handbook.lab + OURS)
    handbook.write('rules/x.rules.yaml', 'groups: []\n')
    handbook.write('runbooks/a.md', runbook('\n  - { fault: downstream-down }\n  - { fault: gone-one }'))
    handbook.write('runbooks/b.md', runbook('[{ fault: gone-two }]').replace('[ThingGone]', '[OtherGone]'))
    expect(await refused('drill', 'a')).toMatch(/^✗ runbooks\/a\.md:6:14 The lab knows no fault gone-one\n {2}There/)
    expect(await refused('drill', '--all')).toMatch(
      /^✗ runbooks\/a\.md:6:14 .* gone-one\n {2}runbooks\/b\.md:4:19 .* gone-two\n/,
    )
  })
})

describe('a drill with a second fault', () => {
  test('is refused when the lab does not know it, and no row of the matrix', async () => {
    handbook.write('handbook.yaml', handbook.lab + OURS)
    handbook.write('rules/x.rules.yaml', 'groups: []\n')
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down, with: storage-filing }]'))
    expect(await refused('drill', 'gone')).toMatch(
      /^✗ runbooks\/gone\.md:4:42 The lab knows no fault storage-filing\n {2}Did you mean storage-filling\?\n/,
    )
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down, with: storage-filling }]'))
    expect(await refused('drill', '--matrix', 'gone')).toMatch(/^✗ The matrix brings about one fault at a time\n/)
  })
})

describe('a name that means nothing', () => {
  beforeEach(() => {
    handbook.write('handbook.yaml', handbook.lab + OURS)
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down }]'))
    handbook.write('runbooks/bare.md', runbook('[]').replace('alerts: [ThingGone]', 'alerts: [Bare]'))
  })

  test.each([
    [['drill', 'nope'], /^✗ There is no drill nope\n {2}There is only: gone--downstream-down\n$/],
    [['drill', 'gon'], /^✗ There is no drill gon\n {2}Did you mean gone/],
    [['drill', 'constructor'], /^✗ There is no drill constructor\n/],
    [['drill', 'nope.md'], /^✗ There is no drill nope\.md\n/],
    [['drill', 'bare'], /^✗ runbooks\/bare\.md has no drill\n/],
    [['drill'], /^✗ Say which drill, or --all\n {2}Drills: gone--downstream-down\n$/],
    [['drill', 'gone', '--all'], /^✗ --all drills every page\n/],
    [['drill', '--all', '--shard', '1/2'], /^✗ --shard 1\/2: 1 drill cannot be so many parts\n/],
    [['drill', '--all', '--shard', '2/1'], /^✗ --shard 2\/1 is no part of a whole\n {2}Such as 1\/3, 2\/3 and 3\/3\n/],
    [['drill', '--all', '--shard', '0/0'], /^✗ --shard 0\/0 is no part of a whole\n/],
    [['drill', '--all', '--times', '0'], /^✗ --times 0 is not a whole number of at least 1\n/],
    [['drill', '--all', '--intensity', 'some'], /^✗ --intensity some is neither low nor high\n/],
    [['drill', '--matrix', '--seed', 'x'], /^✗ --matrix proves nothing, so there is no --seed\n/],
    [['drill', '--matrix', 'nope'], /^✗ There is no drill nope\n/],
    [['drill', '--matrix', 'gone', '--all'], /^✗ --all drills every page\n/],
    [['drill', '--matrix', '--shard', '1/2'], /^✗ --shard 1\/2: 1 fault cannot be so many parts\n/],
    [['drill', '--matrix', '--times', '2'], /^✗ --matrix proves nothing, so there is no --times\n/],
    [['drill', '--matrix', '--changed'], /^✗ --matrix proves nothing, so there is no --changed\n/],
    [['drill', '--matrix', '--time-scale', '0'], /^✗ --time-scale 0 is not a number/],
    [['drill', '--matrix', '--format', 'sarif'], /^✗ There is no format sarif\n/],
    [['drill', '--all', '--times', '1.5'], /^✗ --times 1\.5 is not a whole number of at least 1\n/],
  ])('%j', async (words, message) => {
    expect(await refused(...words)).toMatch(message)
  })

  test('two pages with one drill, and an id that is no file’s name', async () => {
    handbook.write('runbooks/z.md', runbook('[{ fault: downstream-down }]', 'id: gone\n').replace('ThingGone', 'Other'))
    expect(await refused('drill', '--all')).toBe(
      '✗ Two pages have the drill gone--downstream-down: runbooks/z.md, runbooks/gone.md\n',
    )
    handbook.write('runbooks/z.md', runbook('[{ fault: downstream-down }]', 'id: ../../z\n').replace('ThingGone', 'Z'))
    expect(await refused('drill', 'runbooks/z.md')).toContain('has the id ../../z')
  })

  test.each([
    ['break', 'storage-filing', 'Did you mean storage-filling?\n'],
    ['break', 'plain-log', 'Did you mean plain-logs?\n'],
    ['break', 'constructor', 'There are: '],
    ['break', '__proto__', 'There are: '],
    ['heal', 'hasOwnProperty', 'There are: '],
    ['heal', 'downstream-dwon', 'Did you mean downstream-down?\n'],
  ])('lab %s %s', async (verb, fault, hint) => {
    const said = await refused('lab', verb, fault)
    expect(said).toMatch(new RegExp(`^✗ There is no fault ${fault}\n {2}`))
    expect(said).toContain(hint)
    expect(said).toMatch(/Did you mean|There are: \S+, .* and \d+ more\n/)
  })

  test('a fault that there is, and no lab to break', async () => {
    expect(await handbook.run('lab', 'break', 'storage-filling')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no lab runs in'),
    })
  })

  test.each(['constructor', '__proto__', 'toString'])('--env %s', async name => {
    expect(await refused('run', 'gone', '--env', name)).toMatch(`✗ handbook.yaml has no environment ${name}\n`)
    handbook.write('docs/readiness/log.md', '---\narea: log\n---\n## Checks\n### a\n```bash item=log-1\ntrue\n```\n')
    expect(await refused('assess', '--env', name)).toMatch(`✗ handbook.yaml has no environment ${name}\n`)
  })
})

describe('the lab is no practice deployment for another service’s handbook', () => {
  const NONE = 'There is no practice deployment for this handbook: '

  test('nothing of it comes up, and no block runs', async () => {
    handbook.write('handbook.yaml', FOREIGN)
    handbook.write('runbooks/gone.md', runbook('[{ fault: nginx-gone, expect: [mend] }]'))
    expect(await refused('drill', 'gone')).toContain(NONE)
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down, expect: [mend] }]'))
    for (const words of [
      ['drill', 'gone'],
      ['drill', '--all'],
      ['lab', 'up'],
    ])
      expect(await refused(...words)).toMatch(`✗ ${NONE}its handbook.yaml names no lab\n`)
  })

  test.each([
    ['a fact', OURS.replace('url: { type', 'dsn: { type'), 'target.dsn, which'],
    [
      'a fact of another type',
      OURS.replace('url: { type: string', 'url: { type: number'),
      'target.url as a number, which',
    ],
    ['a fact that every object has', OURS.replace('url: { type', 'constructor: { type'), 'target.constructor, which'],
    ['a service', OURS.replace('[api]', '[api, nginx]'), 'the service nginx, which'],
  ])('it lacks %s that pages may use', async (_, file, lacking) => {
    handbook.write('handbook.yaml', handbook.lab + file)
    handbook.write('rules/x.rules.yaml', 'groups: []\n')
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down, expect: [mend] }]'))
    handbook.write(
      'docs/readiness/log.md',
      '---\narea: log\n---\n## Checks\n### a\n```bash item=log-1 breaks=plain-logs\ntrue\n```\n',
    )
    for (const words of [
      ['drill', 'gone'],
      ['lab', 'up'],
      ['run', 'gone', '--auto'],
      ['run', 'gone', '--env', 'lab', '--auto'],
      ['assess', '--env', 'lab'],
    ]) {
      const said = await refused(...words)
      expect(said, words.join(' ')).toContain(NONE)
      expect(said, words.join(' ')).toContain(lacking)
    }
    const proving = await handbook.run('assess', '--prove')
    expect(proving).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(lacking) })
  })

  test.each([
    ['is not there', OURS, 'rules is not there'],
    ['is a file', OURS.replace('[rules]', '[handbook.yaml]'), 'handbook.yaml is none'],
    ['is not said', OURS.replace('rules: [rules]\n', ''), 'static/monitoring is not there'],
  ])('a folder of rules that %s is said to be missing', async (_, file, message) => {
    handbook.write('handbook.yaml', handbook.lab + file)
    handbook.write('runbooks/gone.md', runbook('[{ fault: downstream-down, expect: [mend] }]'))
    for (const words of [
      ['drill', 'gone'],
      ['lab', 'up'],
    ])
      expect(await refused(...words)).toContain(message)
  })
})

test('assess --prove refuses what nothing breaks', async () => {
  handbook.write('handbook.yaml', handbook.lab + OURS)
  handbook.write(
    'docs/readiness/log.md',
    '---\narea: log\n---\n## Checks\n### a\n```bash item=log-1 breaks=plain-lgos\ntrue\n```\n',
  )
  expect(await refused('assess', '--prove')).toBe(
    '✗ A check names the mutation plain-lgos, which does not exist\n  Did you mean plain-logs? See handbook check\n',
  )
})
