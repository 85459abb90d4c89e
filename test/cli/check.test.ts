import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>

const BROKEN = `## Procedure

### Measure <!-- #usage -->

\`\`\`ts
return { percent: 80 }
\`\`\`

### Tell

\`\`\`ts
echo(steps.usage.percnt)
\`\`\`
`

beforeAll(async () => {
  handbook = await createHandbook()
  cpSync(join(import.meta.dirname, '../check/handbook'), handbook.cwd, { recursive: true })
})
afterAll(() => handbook.remove())

it('ends with 0 when there is nothing but warnings, and says how many pages it checked', async () => {
  const { exitCode, stdout, stderr } = await handbook.run('check')
  expect(stdout).toContain('proof-current')
  expect(stdout).toMatch(/! 1 warning in 1 page\n$/)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

it('ends with 1 on an error, and shows its place, its lines and a hint', async () => {
  handbook.write('docs/broken.md', BROKEN)
  const { exitCode, stdout } = await handbook.run('check', 'docs')
  expect(stdout).toBe(`docs/broken.md:12:18 error types
  The value of the step usage has no percnt (TS2551)
    11 │ \`\`\`ts
  > 12 │ echo(steps.usage.percnt)
       │                  ^
    13 │ \`\`\`
  found    percnt
  hint     Did you mean percent?

✗ 1 error in 1 page
`)
  expect(exitCode).toBe(1)
})

it('gives JSON and nothing else with --json', async () => {
  const { exitCode, stdout, stderr } = await handbook.run('check', '--json')
  const { problems } = JSON.parse(stdout)
  expect(problems).toContainEqual({
    file: 'docs/broken.md',
    line: 12,
    column: 18,
    rule: 'types',
    severity: 'error',
    message: 'The value of the step usage has no percnt (TS2551)',
    found: 'percnt',
    hint: 'Did you mean percent?',
  })
  expect(stderr).toBe('')
  expect(exitCode).toBe(1)
})

it.each([
  ['sarif', /"helpUri": "https:\/\/handbook\.example\/docs\/contributing\/rules#types"/],
  ['junit', /<testcase name="12:18 types" classname="docs\/broken\.md">/],
  ['markdown', /^\*\*1 error in 1 page\*\*\n\n.*\| `docs\/broken\.md:12:18` \| error \| \[types\]\(https:/s],
  ['text', /^docs\/broken\.md:12:18 error types\n/],
])('writes %s with --format, and nothing else', async (format, content) => {
  const { exitCode, stdout, stderr } = await handbook.run('check', 'docs', '--format', format)
  expect(stdout).toMatch(content)
  expect(stderr).toBe('')
  expect(exitCode).toBe(1)
})

it('checks a page that belongs to no handbook', async () => {
  const path = handbook.write('../elsewhere/alone.md', BROKEN)
  const { exitCode, stdout } = await handbook.run('check', path)
  expect(stdout).toContain('elsewhere/alone.md:12:18 error types')
  expect(exitCode).toBe(1)
})

it('names what is wrong with handbook.yaml at its line', async () => {
  handbook.write('../other/handbook.yaml', 'url: https://handbook.example\nreviewEvery: 5\n')
  const { exitCode, stdout } = await handbook.run('check', '../other')
  expect(stdout).toContain('../other/handbook.yaml:2:14 error handbook-file')
  expect(stdout).toContain('> 2 │ reviewEvery: 5')
  expect(stdout).toMatch(/✗ 1 error\n$/)
  expect(exitCode).toBe(1)
})

it('writes scripts into their fences with --fix', async () => {
  const page = (code: string) =>
    `## Procedure\n\n### Greet\n\n\`\`\`bash file=scripts/procedures/greet.sh\n${code}\`\`\`\n`
  const path = handbook.write('docs/greet.md', page('old\n'))
  expect((await handbook.run('check', 'docs/greet.md')).exitCode).toBe(1)
  const { exitCode, stderr } = await handbook.run('check', 'docs/greet.md', '--fix')
  expect(stderr).toContain('docs/greet.md: wrote its scripts into their fences')
  expect(readFileSync(path, 'utf8')).toBe(page('echo hello\necho world\n'))
  expect(exitCode).toBe(0)
})

it.each([
  [['check', 'nowhere.md'], 'There is no page nowhere.md'],
  [['check', 'handbook.yaml'], 'There is no page handbook.yaml'],
  [['check', '--jsn'], 'jsn'],
  [['check', '--format', 'juint'], 'There is no format juint\n  Did you mean junit?'],
  [['check', '--json', '--format', 'sarif'], 'cannot be had at once'],
  [['drill', '--format', 'sarif'], 'There is no format sarif'],
])('ends with 2 on wrong usage: %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await handbook.run(...args)
  expect(stderr).toContain(message)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})
