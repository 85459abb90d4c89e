import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook, HANDBOOK, RUNBOOK } from './handbook.ts'
import { startTerminal } from './terminal.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let run: string
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/full.md', RUNBOOK)
  await handbook.run('run', 'full', '--env', 'staging', '--auto')
  run = readdirSync(join(handbook.cwd, '.handbook/runs'))[0] ?? ''
})
afterAll(() => handbook.remove())

describe('output that cannot be written', () => {
  test.each([
    'run full --env staging --auto',
    'run full --env staging --auto --json',
    'run full --env staging --dry-run',
    'runs list',
    'runs list --json',
    'runs show RUN',
    'runs export RUN',
    'runs export RUN --format ndjson',
    'runs unreverted',
    'list',
    'show full',
    'check runbooks/full.md',
    '--help',
    'run --help',
  ])('is said, and never exit code 0: handbook %s', async words => {
    const { exitCode, stderr } = await handbook.shell(`$HANDBOOK ${words.replace('RUN', run)} > /dev/full`)
    expect(stderr).toContain('✗ The output could not be written: ENOSPC')
    expect(exitCode).not.toBe(0)
  })

  test('because its reader has read enough is no error', async () => {
    const { stdout, stderr } = await handbook.shell('set -o pipefail; $HANDBOOK runs list | head -n 1')
    expect(stdout).toMatch(/^RUN +OUTCOME +PAGE +ENVIRONMENT +STARTED \(\S+\) +TOOK\n$/)
    expect(stderr).toBe('')
  })
})

test.each([
  ['run', 'handbook list'],
  ['show', 'handbook list'],
  ['runs show', 'handbook runs list'],
  ['runs resume', 'handbook runs list'],
])('handbook %s alone says what names what it is about', async (words, list) => {
  const { exitCode, stderr } = await handbook.run(...words.split(' '))
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`What there is: ${list}.`)
})

test.runIf(requires('a pipe in a terminal', ['script']))(
  'whoever pipes a run into tee is told how to keep a log',
  async () => {
    const program = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
    const terminal = startTerminal(`bash -c 'set -o pipefail; ${program} run full --env staging | tee log'`, handbook)
    expect(await terminal.over).toBe(3)
    expect(terminal.shown()).toContain('handbook runs show RUN > log')
  },
  60_000,
)

describe('the list of runs', () => {
  test('has the newest 20 in their true order, and says how many more there are', async () => {
    const other = await createHandbook()
    try {
      other.write('page.md', '## Procedure\n\n### One\n\n```bash\ntrue\n```\n')
      const made = await other.shell('for i in $(seq 23); do $HANDBOOK run page.md --auto --json | head -n 1; done')
      const ids = made.stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).run)
        .reverse()
      const list = async (...more: string[]) => (await other.run('runs', 'list', ...more)).stdout.trimEnd().split('\n')
      const names = (lines: readonly string[]) => lines.slice(1).map(line => line.split(' ')[0])
      const usual = await list()
      expect(names(usual.slice(0, -1))).toEqual(ids.slice(0, 20))
      expect(usual.at(-1)).toBe('3 more: see --all, or --limit N')
      expect(usual[1]).toMatch(/(?:today|yesterday) \d\d:\d\d/)
      expect(names(await list('--all'))).toEqual(ids)
      expect(names((await list('--limit', '2')).slice(0, -1))).toEqual(ids.slice(0, 2))
      const { runs, more } = JSON.parse((await list('--json', '--limit', '5')).join(''))
      expect({ ids: runs.map(({ id }: { id: string }) => id), more }).toEqual({ ids: ids.slice(0, 5), more: 18 })
      expect(Object.keys(runs[0])).toEqual(['id', 'procedure', 'environment', 'outcome', 'started', 'finished'])
    } finally {
      await other.remove()
    }
  }, 120_000)

  test.each([['--limit 0'], ['--limit some'], ['--limit -1'], ['--limit 5 --all']])('refuses %s', async words => {
    expect(await handbook.run('runs', 'list', ...words.split(' '))).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

test('a run is shown with clock times and their zone', async () => {
  const { stdout } = await handbook.shell(`TZ=Asia/Tokyo $HANDBOOK runs show ${run}`)
  expect(stdout).toMatch(/\nbegan \d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\+9\n/)
  expect(stdout).toMatch(/▸ Look #look · \d\d:\d\d:\d\d\n/)
  expect(stdout).toMatch(/HEALED after .*, at \d\d:\d\d:\d\d GMT\+9\n/)
})

test('a record that a step removed is said to be lost, and exit code 4 says so, too', async () => {
  const step = (title: string, fence: string, does: string) => `### ${title}\n\n\`\`\`${fence}\n${does}\n\`\`\`\n`
  const steps = [step('Clean', 'bash', 'rm -r .handbook/runs'), step('Look', 'bash risk=read', 'true')]
  handbook.write('runbooks/clean.md', `---\ntitle: Clean\n---\n\n## Procedure\n\n${steps.join('\n')}`)
  const { exitCode, stdout, stderr } = await handbook.run('run', 'clean', '--env', 'staging', '--auto')
  expect(stdout).toMatch(/! this run is not recorded any more:[\s\S]*PASSED/)
  expect(stderr).toMatch(/The record of this run is lost: .* is not the file any more that this run writes/)
  expect(exitCode).toBe(4)
})
