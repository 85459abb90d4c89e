import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, RUNBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', `${HANDBOOK}  partial: {}\n`)
  handbook.write('runbooks/full.md', RUNBOOK)
  handbook.write(
    'runbooks/broken.md',
    '---\ntitle: B\n---\n## Diagnose\n### a\n```bash\ntrue\n```\n```bash\ntrue\n```\n## Rollback\n',
  )
  handbook.write('notes/own.md', '## Procedure\n### a\n```bash\ntrue\n```\n')
  handbook.write('docs/prose.md', '# Only prose\n')
  handbook.write(
    'runbooks/asks.md',
    '---\nparams: { who: { description: whose } }\n---\n## Procedure\n### a\n```bash\ntrue\n```\n',
  )
})
afterAll(() => handbook.remove())

describe('wrong usage is one line with a hint on stderr, and exit code 2', () => {
  test.each([
    ['rnu', /^✗ There is no command rnu\n {2}Did you mean run\? There are: run, show, /],
    ['run', /^✗ Missing required positional argument: PAGE\n/],
    ['run full --envv staging', /^✗ handbook run: Unknown option '--envv'\n {2}See handbook run --help\n$/],
    ['run full -x', /^✗ handbook run: Unknown option '-x'\n/],
    ['run full other --env staging', /^✗ handbook run takes no other\n/],
    [
      'run ful --env staging',
      /^✗ No page or alert is called ful\n {2}Did you mean full\? There are: asks, broken, full\n$/,
    ],
    ['run nowhere.md', /^✗ There is no page nowhere\.md\n/],
    ['run full', /^✗ Say where to run it: --env NAME\n {2}There are: staging, production, locked, partial\n$/],
    ['run full --env stagin', /^✗ handbook\.yaml has no environment stagin\n {2}Did you mean staging\? /],
    ['run full --env partial', /^✗ The environment partial does not state url, which runbooks\/full\.md uses\n/],
    [
      'run notes/own.md --env staging',
      /^✗ This page cannot run in staging: handbook\.yaml does not count it among its\n? *pages\n {2}Add its folder to pages there/,
    ],
    [
      'doctor notes/own.md --env staging',
      /^✗ This page cannot run in staging: handbook\.yaml does not count it among its\n? *pages\n {2}Add its folder to pages there/,
    ],
    [
      'runs unlock notes/own.md --reason r --env staging',
      /^✗ This page cannot run in staging: handbook\.yaml does not count it among its\n? *pages\n {2}Add its folder to pages there/,
    ],
    ['run full --env locked', /^✗ The secret token of locked cannot be had: \$NO_SUCH_VARIABLE is not set\n/],
    ['run full --env staging --param stale=1h', /^✗ There is no parameter stale\n {2}Did you mean staleAfter\? /],
    ['run full --env staging --param staleAfter=soon', /^✗ --param staleAfter=soon: expected a duration such as/],
    ['run full --env staging --param staleAfter=1h --param staleAfter=2h', /^✗ --param staleAfter is given twice\n/],
    [
      'run full --env staging --param staleAfter',
      /^✗ --param staleAfter has no value\n {2}Write --param name=value\n$/,
    ],
    ['run asks --env staging', /^✗ The parameter who has no default and was not given\n {2}--param who=… {2}whose\n$/],
    ['run full --env staging --step lok', /^✗ runbooks\/full\.md has no step lok\n {2}There are: look, mend, works\n$/],
    ['run prose --env staging', /^✗ docs\/prose\.md has nothing to run\n/],
    ['runs show 2020', /^✗ There is no run 2020\n {2}See handbook runs list\n$/],
    ['runs shwo', /^✗ handbook runs has no shwo\n {2}Did you mean show\? There are: list, show,/],
    ['runs show ../../..', /^✗ There is no run /],
    ['run ThingFul --env staging', /^✗ No page or alert is called ThingFul\n {2}Did you mean the alert ThingFull\?/],
    ['show nowhere', /^✗ No page or alert is called nowhere\n/],
  ])('handbook %s', async (words, message) => {
    const { exitCode, stdout, stderr } = await handbook.run(...words.split(' '))
    expect(stderr).toMatch(message)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  })

  test('a page that cannot be parsed is named with its places', async () => {
    const { exitCode, stderr, stdout } = await handbook.run('run', 'broken', '--env', 'staging')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('✗ runbooks/broken.md:9:1 ')
    expect(stderr).toContain('✗ runbooks/broken.md:12:1 ')
    expect(stderr).toMatch(/\n {2}\S/)
  })

  test('a handbook.yaml with a mistake is named with its place', async () => {
    const other = await createHandbook()
    other.write('handbook.yaml', 'url: https://x.example\nenvironmens: {}\n')
    const { exitCode, stderr } = await other.run('list')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^✗ handbook\.yaml:2:1 .*environmens/),
    })
    other.remove()
  })
})

describe('help', () => {
  test.each([
    'run',
    'show',
    'list',
    'runs',
    'runs list',
    'runs show',
    'check',
    'drill',
    'lab',
    'lab up',
    'lab down',
    'lab status',
    'lab break',
    'lab heal',
  ])('handbook %s --help has an example, and fits 80 columns', async command => {
    const { exitCode, stdout, stderr } = await handbook.run(...command.split(' '), '--help')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(`Usage: handbook ${command}`)
    expect(stdout.replace(/Usage: .*/, '').replace(/.*--help describes each.*/, '')).toContain(`handbook ${command}`)
    expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
  })

  test.each(['run', 'assess', 'drill', 'runs resume', 'alerts check'])(
    'the paragraphs of handbook %s --help are filled: no line breaks where the next word would fit',
    async command => {
      const { stdout } = await handbook.run(...command.split(' '), '--help')
      const lines = stdout.slice(0, stdout.indexOf('Usage:')).split('\n')
      const early = lines.filter((line, at) => {
        const [word = ''] = (lines[at + 1] ?? '').split(' ')
        return /^\S/.test(line) && word !== '' && line.length + 1 + word.length <= 80
      })
      expect(early).toEqual([])
    },
  )

  test('handbook alone shows what there is, and is wrong usage', async () => {
    expect(await handbook.run('--help')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('handbook practise --surprise'),
    })
    expect(await handbook.run()).toMatchObject({ exitCode: 2 })
    expect(await handbook.run('runs')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: '),
    })
  })
})

describe('handbook list and show', () => {
  test('find and read', async () => {
    const { stdout } = await handbook.run('list', 'thing')
    expect(stdout).toBe('full  It is full\n      ThingFull\n')
    expect(
      JSON.parse((await handbook.run('list', '--json')).stdout).procedures.map(({ id }: { id: string }) => id),
    ).toEqual(['asks', 'broken', 'full'])
    expect(await handbook.run('list', 'nothing')).toMatchObject({ exitCode: 0, stdout: '' })
    expect((await handbook.run('show', 'ThingFull')).stdout).toBe(RUNBOOK)
    expect(JSON.parse((await handbook.run('show', 'full', '--json')).stdout)).toMatchObject({
      id: 'full',
      kind: 'runbook',
    })
  })
})
