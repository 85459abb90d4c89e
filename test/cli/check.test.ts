import { appendFileSync, cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
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
  cpSync(join(import.meta.dirname, '../lint/handbook'), handbook.cwd, { recursive: true })
  appendFileSync(join(handbook.cwd, 'handbook.yaml'), handbook.lab)
  // Its script is for a test that shows it.
  rmSync(join(handbook.cwd, 'scripts'), { recursive: true })
})
afterAll(() => handbook.remove())

it('ends with 0 when there is nothing but warnings, and says how many pages it checked', async () => {
  const { exitCode, stdout, stderr } = await handbook.run('check')
  expect(stdout).toContain('proof-current')
  expect(stdout).toMatch(/! 1 warning in 2 pages\nMore: handbook check --explain proof-current\n$/)
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

✗ 1 error in 2 pages
More: handbook check --explain types
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
  ['markdown', /^\*\*1 error in 2 pages\*\*\n\n.*\| `docs\/broken\.md:12:18` \| error \| \[types\]\(https:/s],
  ['text', /^docs\/broken\.md:12:18 error types\n/],
])('writes %s with --format, and nothing else', async (format, content) => {
  const { exitCode, stdout, stderr } = await handbook.run('check', 'docs', '--format', format)
  expect(stdout).toMatch(content)
  expect(stderr).toBe('')
  expect(exitCode).toBe(1)
})

it('explains a rule, with its examples, in 80 columns', async () => {
  const { exitCode, stdout, stderr } = await handbook.run('check', '--explain', 'way-back')
  expect(stdout).toMatch(
    /^### way-back\n\nA change can be rolled back, or says why not\. An error\. A page may waive it\.\n/,
  )
  expect(stdout).toContain('\n### Refuse uploads <!-- #shed --> ⟵\n')
  expect(stdout).toMatch(/```bash undoes=shed\nhb service api start\n```\n\n(?:.*\n)*````\n$/)
  expect(stdout).not.toContain('temporary-undone')
  expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const slip = await handbook.run('check', '--explain', 'has-dril')
  expect(slip).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: '✗ There is no rule has-dril\n  Did you mean has-drill?\n',
  })
})

it('does not count what a page waives against it, and does not hide it', async () => {
  const page =
    '---\nwaivers:\n  - { rule: finished-prose, reason: later, until: UNTIL }\n---\n\n## Procedure\n\nTBD\n\n### One\n\n```bash\ntrue\n```\n'
  const path = handbook.write(
    'docs/waives.md',
    page.replace('UNTIL', new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)),
  )
  expect(await handbook.run('check', path)).toMatchObject({
    exitCode: 0,
    stdout: '✓ 1 page, nothing wrong, 1 waived\n',
  })
  const { problems, waived } = JSON.parse((await handbook.run('check', path, '--json')).stdout)
  expect(problems).toEqual([])
  expect(waived).toMatchObject([{ line: 8, rule: 'finished-prose', severity: 'error', reason: 'later' }])
  handbook.write('docs/waives.md', page.replace('UNTIL', '2026-01-31'))
  const expired = await handbook.run('check', path)
  expect(expired.exitCode).toBe(1)
  expect(expired.stdout).toContain('docs/waives.md:3:51 warning waiver-current')
  expect(expired.stdout).toContain('✗ 1 error and 1 warning in 1 page\n')
})

it('checks a page that belongs to no handbook', async () => {
  const path = handbook.write('../elsewhere/alone.md', BROKEN)
  const { exitCode, stdout } = await handbook.run('check', path)
  expect(stdout).toContain('elsewhere/alone.md:12:18 error types')
  expect(exitCode).toBe(1)
})

describe('ShellCheck', () => {
  const check = (programs: string, more = '') =>
    handbook.shell(`mkdir -p ../bin && rm -f ../bin/* && ${programs}; PATH=../bin $HANDBOOK check ../shell ${more}`)
  const bash = 'ln -s "$(command -v bash)" ../bin/bash'
  beforeAll(() => {
    handbook.write('../shell/handbook.yaml', 'url: https://handbook.example\n')
    handbook.write('../shell/docs/shell.md', '## Procedure\n\n### Greet\n\n```bash\nunread=1; date\n```\n')
  })

  it('is said to be missing where it is not installed, which is no failure', async () => {
    const told = { exitCode: 0, stderr: 'ShellCheck is not installed: bash blocks are checked without it\n' }
    expect(await check(bash)).toMatchObject(told)
    expect(await check(bash, '--json')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await check(bash, '--no-shellcheck')).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('that cannot answer is named', async () => {
    const { stdout } = await check(`${bash}; ln -s "$(type -P false)" ../bin/shellcheck`)
    expect(stdout).toContain('ShellCheck could not be asked')
  })

  it.runIf(requires('ShellCheck from the command line', ['shellcheck']))('is asked where it is installed', async () => {
    const program = `${bash}; ln -s "$(command -v shellcheck)" ../bin/shellcheck`
    expect(await check(program)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('docs/shell.md:6:1 warning shellcheck'),
    })
    expect((await check(program, '--no-shellcheck')).stdout).toContain('nothing wrong')
  })
})

describe('promtool', () => {
  const check = (programs: string, command: string) =>
    handbook.shell(`mkdir -p ../bin && rm -f ../bin/* && ${programs}; cd ../ruled && PATH=../bin $HANDBOOK ${command}`)
  const bash = 'ln -s "$(command -v bash)" ../bin/bash'
  const missing = 'promtool is not installed: whether Prometheus takes the rule files was not checked'
  const rule =
    '  - alert: A\n    expr: rate(x)\n    labels: { severity: page }\n    annotations: { summary: s, description: d }\n'
  beforeAll(() => {
    handbook.write(
      '../ruled/handbook.yaml',
      'url: https://handbook.example\nrules: [a.rules.yaml]\nthresholdBasis: off\n',
    )
    handbook.write('../ruled/a.rules.yaml', `groups:\n- name: g\n  rules:\n${rule}`)
    handbook.write('../ruled/docs/a.md', '---\ntitle: A\nalerts: [A]\n---\n\n# A\n')
  })

  it.each(['check --no-shellcheck', 'alerts check'])('is said once to be missing by %s', async command => {
    const { stdout, stderr } = await check(bash, command)
    expect(stdout).not.toContain('rules-shape')
    expect(stderr).toBe(`${missing}\n`)
    const json = await check(bash, `${command} --json`)
    expect(json.stderr).toBe('')
    expect(JSON.parse(json.stdout)).toMatchObject({ notChecked: [missing] })
  })

  it('is not missed where only a page is checked, and where there are no rules', async () => {
    expect((await check(bash, 'check docs/a.md --no-shellcheck')).stderr).toBe('')
    expect((await check(bash, 'check ../shell --no-shellcheck')).stderr).toBe('')
  })

  it.each(['check', 'alerts check'])('that cannot answer is an error of %s', async command => {
    const { stdout, exitCode } = await check(`${bash}; ln -s "$(type -P false)" ../bin/promtool`, command)
    expect(stdout).toContain('a.rules.yaml:1:1 error rules-shape\n  promtool could not be asked')
    expect(exitCode).toBe(1)
  })

  const here = requires('promtool from the command line', ['promtool'])
  it.runIf(here).each(['check', 'alerts check'])('is asked by %s where it is installed', async command => {
    const { stdout, stderr, exitCode } = await check(`${bash}; ln -s "$(command -v promtool)" ../bin/promtool`, command)
    expect(stdout).toContain('a.rules.yaml:5:11 error rules-shape\n  promtool refuses `A`')
    expect(stderr).not.toContain('promtool')
    expect(exitCode).toBe(1)
  })
})

it('names what is wrong with handbook.yaml at its line', async () => {
  handbook.write('../other/handbook.yaml', 'url: https://handbook.example\nreviewEvery: 5\n')
  const { exitCode, stdout } = await handbook.run('check', '../other')
  expect(stdout).toContain('../other/handbook.yaml:2:14 error handbook-file')
  expect(stdout).toContain('> 2 │ reviewEvery: 5')
  expect(stdout).toMatch(/✗ 1 error\nMore: /)
  expect(exitCode).toBe(1)
})

it.each([
  ['assessment.json', 'handbook assess --env lab --write'],
  ['proofs.json', 'handbook assess --prove'],
])('names what is wrong with static/readiness/%s at its place, as the build of the site does', async (name, hint) => {
  const file = `static/readiness/${name}`
  const path = handbook.write(file, '{\n  "score": high\n}\n')
  const { exitCode, stdout } = await handbook.run('check')
  expect(stdout).toContain(`${file}:2:12 error proof-file`)
  expect(stdout).toContain(hint)
  expect(exitCode).toBe(1)
  rmSync(path)
})

it('writes scripts into their fences with --fix', async () => {
  const page = (code: string) =>
    `## Procedure\n\n### Greet\n\n\`\`\`bash file=scripts/procedures/greet.sh\n${code}\`\`\`\n`
  handbook.write('scripts/procedures/greet.sh', 'echo hello\necho world\n')
  const path = handbook.write('docs/greet.md', page('old\n'))
  expect((await handbook.run('check', 'docs/greet.md')).exitCode).toBe(1)
  const { exitCode, stderr } = await handbook.run('check', 'docs/greet.md', '--fix')
  expect(stderr).toContain('docs/greet.md: wrote its scripts into their fences')
  expect(readFileSync(path, 'utf8')).toBe(page('echo hello\necho world\n'))
  expect(exitCode).toBe(0)
})

it.each([
  [['check', 'nowhere.md'], 'There is no page nowhere.md'],
  [['check', 'handbook.yaml'], 'handbook.yaml is no page'],
  [['check', '--jsn'], 'jsn'],
  [['check', '--format', 'juint'], 'There is no format juint\n  Did you mean junit?'],
  [['check', '--json', '--format', 'sarif'], 'cannot be used together'],
  [['drill', '--format', 'sarif'], 'There is no format sarif'],
])('ends with 2 on wrong usage: %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await handbook.run(...args)
  expect(stderr).toContain(message)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})
