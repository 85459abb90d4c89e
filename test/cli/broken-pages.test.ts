import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/yaml.md', '---\nid: [\n---\n\n## Diagnose\n\n### a\n\n```bash\ntrue\n```\n')
  handbook.write(
    'runbooks/two.md',
    '---\ntitle: Two\n---\n\n## Diagnose\n\n### a\n\n```bash\ntrue\n```\n\n```bash\ntrue\n```\n',
  )
  writeFileSync(join(handbook.cwd, 'runbooks/bytes.md'), Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x1b, 0x5d]))
  mkdirSync(join(handbook.cwd, 'runbooks/folder.md'))
})
afterAll(() => handbook.remove())

const PAGES = [
  'yaml',
  'runbooks/yaml.md',
  'two',
  'runbooks/bytes.md',
  'runbooks/folder.md',
  'missing',
  'missing.md',
  '.',
]
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['run', ['--env', 'staging', '--auto']],
  ['run', ['--env', 'staging', '--dry-run']],
  ['doctor', ['--env', 'staging']],
  ['drill', []],
  ['prove', ['--inputs']],
]

test.each(COMMANDS)(
  '%s %j names what is wrong with a page, for people and for scripts',
  async (command, more) => {
    for (const page of PAGES) {
      const { exitCode, stdout, stderr } = await handbook.run(command, page, ...more, '--json')
      expect(`${stdout}${stderr}`).not.toContain('defect of the handbook command')
      expect([page, exitCode]).toEqual([page, 2])
      const { error } = JSON.parse(stdout)
      expect(error.exitCode).toBe(2)
      if (!/yaml|two|bytes/.test(page)) continue
      const { file, line, rule } = error.problems[0]
      expect(stderr).toContain(`${file}:${line}:`)
      expect(stderr).toContain(rule)
    }
  },
  120_000,
)

test('drill --all refuses a page of which nobody knows what drills it has', async () => {
  const { exitCode, stderr } = await handbook.run('drill', '--all')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('runbooks/yaml.md:2:')
}, 60_000)

test('a page that shows broken text is shown all the same', async () => {
  const { exitCode, stdout } = await handbook.run('show', 'two')
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('## Diagnose')])
}, 60_000)
