import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, RUNBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/full.md', RUNBOOK)
  handbook.write(
    'runbooks/broken.md',
    '---\ntitle: B\n---\n## Diagnose\n### a\n```bash\ntrue\n```\n```bash\ntrue\n```\n',
  )
})
afterAll(() => handbook.remove())

/** What each command refuses as wrong usage, before the format is chosen and after. */
const WRONG = {
  check: [
    ['check', '--nope'],
    ['check', 'nowhere.md'],
    ['check', ''],
  ],
  drill: [
    ['drill', 'nowhere'],
    ['drill', '--time-scale', '0', '--all'],
  ],
  assess: [
    ['assess', '--min-score', 'high'],
    ['assess', 'log/one'],
  ],
  'runs export': [
    ['runs', 'export', '20201122-031502-aaaa'],
    ['runs', 'export'],
  ],
  'alerts check': [
    ['alerts', 'check', ''],
    ['alerts', 'check', 'nowhere.yaml'],
  ],
  run: [
    ['run', 'nowhere', '--env', 'staging'],
    ['run', 'full', '--env', 'stagin'],
    ['run', 'full', '--envv', 'staging'],
    ['run'],
  ],
  'runs resume': [['runs', 'resume', '20201122-031502-aaaa']],
  'runs list': [['runs', 'list', '--limit', 'few']],
  list: [['list', 'a', 'b']],
  show: [['show', 'nowhere']],
  new: [['new']],
} as const

const cases = (commands: readonly (keyof typeof WRONG)[]) =>
  commands.flatMap(command => WRONG[command].map(args => [`handbook ${command}`, args] as const))

/** What was printed for a command line that is wrong; the message is on stderr, too. */
async function refused(
  args: readonly string[],
): Promise<{ stdout: string; message: string; hint: string | undefined }> {
  const { exitCode, stdout, stderr } = await handbook.run(...args)
  expect(exitCode, stderr).toBe(2)
  const [message = '', hint] = stderr.trimEnd().replace(/^✗ /, '').split('\n  ')
  expect(message).not.toBe('')
  return { stdout, message, hint }
}

describe('wrong usage is a document in the format that was asked for, and no empty output', () => {
  test.each(
    cases([
      'check',
      'drill',
      'assess',
      'runs export',
      'alerts check',
      'run',
      'runs resume',
      'runs list',
      'list',
      'show',
    ]),
  )('%s as JSON: %j', async (_, args) => {
    const { stdout, message, hint } = await refused([...args, '--json'])
    expect(JSON.parse(stdout)).toEqual({ error: { message, ...(hint === undefined ? {} : { hint }), exitCode: 2 } })
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  test.each(cases(['check', 'drill', 'assess', 'runs export']))('%s as JUnit: %j', async (title, args) => {
    for (const format of [['--format', 'junit'], ['--format=junit']]) {
      const { stdout, message } = await refused([...args, ...format])
      expect(stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /)
      expect(stdout).toContain(`<testsuite name="${title}" tests="1" failures="1"`)
      expect(stdout).toContain(`<failure message="${message.replaceAll('"', '&quot;')}" type="error"`)
    }
  })

  test.each(cases(['check', 'assess']))('%s as SARIF: %j', async (title, args) => {
    const { stdout, message, hint } = await refused([...args, '--format', 'sarif'])
    const text = hint === undefined ? message : `${message}\n${hint}`
    expect(JSON.parse(stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: title } },
          invocations: [
            {
              executionSuccessful: false,
              exitCode: 2,
              toolConfigurationNotifications: [{ level: 'error', message: { text } }],
            },
          ],
          results: [],
        },
      ],
    })
  })

  test('a page that cannot be read is told with its places', async () => {
    const { exitCode, stdout, stderr } = await handbook.run('run', 'broken', '--env', 'staging', '--json')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('✗ runbooks/broken.md:9:1 ')
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        message: 'runbooks/broken.md cannot be read as a program',
        exitCode: 2,
        problems: [{ file: 'runbooks/broken.md', line: 9, column: 1 }],
      },
    })
  })

  test('a command that is none, and one that is missing', async () => {
    expect(JSON.parse((await refused(['rnu', '--json'])).stdout)).toMatchObject({
      error: { message: 'There is no command rnu' },
    })
    const { exitCode, stdout } = await handbook.run('runs', '--json')
    expect({ exitCode, ...JSON.parse(stdout) }).toEqual({
      exitCode: 2,
      error: { message: 'handbook runs needs a command', hint: 'See handbook runs --help', exitCode: 2 },
    })
  })

  test('no document for readers of text, nor in a format that the handbook does not have', async () => {
    for (const args of [
      ['check', 'nowhere.md'],
      ['check', '--format', 'text', 'nowhere.md'],
      ['check', '--format', 'jnuit'],
      ['check', 'nowhere.md', '--json', '--format', 'sarif'],
      ['drill', 'nowhere', '--format', 'sarif'],
      ['runs', 'approve', 'RUN', 'STEP', '--json'],
    ])
      expect((await refused(args)).stdout).toBe('')
  })

  test('Markdown for a summary', async () => {
    const { stdout, message } = await refused(['check', 'nowhere.md', '--format', 'markdown'])
    expect(stdout).toContain(`**handbook check** did nothing: \`${message}\``)
  })
})

test('what is planned is data for scripts whatever characters it has', async () => {
  handbook.write(
    'runbooks/odd.md',
    '---\ntitle: "Odd"\n---\n## Procedure\n### a\n```bash\n# \u202e \u009b2J\ntrue\n```\n',
  )
  const { stdout } = await handbook.run('run', 'odd', '--env', 'staging', '--dry-run', '--json')
  expect(JSON.parse(stdout).steps[0].code).toBe('# \u202e \u009b2J\ntrue')
})
