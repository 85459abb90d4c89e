import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { eventually } from '../execute/living.ts'
import { createHandbook } from './handbook.ts'

const PAGE = `---
title: Purge
---

## Procedure

### Purge <!-- #purge -->

\`\`\`bash risk=danger
echo purged >> witness
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>

describe.runIf(requires('approvals on the command line', ['ssh-keygen']))('danger in a protected environment', () => {
  beforeEach(async () => {
    handbook = await createHandbook()
    for (const name of ['anna', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(handbook.root, name)])
    const key = readFileSync(join(handbook.root, 'anna.pub'), 'utf8').trim()
    handbook.write(
      'handbook.yaml',
      `url: https://x.example
environments:
  production: { auto: danger, protected: true, approvers: { anna: ${key} } }
`,
    )
    handbook.write('docs/purge.md', PAGE)
  })
  afterEach(() => handbook.remove())

  const runsFolder = () => join(handbook.cwd, '.handbook/runs')
  const approve = (run: string, key: string) =>
    handbook.run('runs', 'approve', run, 'purge', '--key', join(handbook.root, key), '--yes')

  test('waits until an approver has signed, and says whose approval it was', async () => {
    const runner = handbook.start(['run', 'purge', '--env', 'production', '--auto', '--json'])
    const folder = () => join(runsFolder(), readdirSync(runsFolder())[0] ?? '')
    expect(await eventually(() => existsSync(runsFolder()) && existsSync(join(folder(), 'approvals/purge.txt')))).toBe(
      true,
    )
    const run = readdirSync(runsFolder())[0] ?? ''
    expect(await approve(run, 'stranger')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('This approves nothing: it is not signed by an approver of production'),
    })
    expect(existsSync(join(handbook.cwd, 'witness'))).toBe(false)
    const approved = await approve(run, 'anna')
    expect(approved).toMatchObject({ exitCode: 0, stderr: '' })
    expect(approved.stdout).toContain(`run         ${run}`)
    expect(approved.stdout).toContain('│  echo purged >> witness')
    expect(approved.stdout).toContain('✓ approved by anna')
    expect((await runner).exitCode).toBe(0)
    expect(readFileSync(join(handbook.cwd, 'witness'), 'utf8')).toBe('purged\n')
    expect((await handbook.run('runs', 'show', run)).stdout).toContain('approved by anna')
  }, 120_000)

  test('sees first why it runs, what cannot be undone and how long the run waits; the rest in a line each, or all of it', async () => {
    const page = PAGE.replace('risk=danger', 'risk=danger touches=old max=1 irreversible="they are gone"')
      .replace('```bash', 'Deletes what nobody needs.\n\n```bash')
      .replace(
        '### Purge',
        '### Old <!-- #old -->\n\n```bash risk=read\nprintf "ids<<END\\na\\nb\\nEND\\n" >> "$STEP_OUTPUT"\n```\n\n### Purge',
      )
    handbook.write('docs/purge.md', page)
    const yaml = readFileSync(join(handbook.cwd, 'handbook.yaml'), 'utf8')
    handbook.write('handbook.yaml', yaml.replace('auto:', `variables: { MODE: soft, LONG: ${'x'.repeat(200)} }, auto:`))
    const runner = handbook.start(['run', 'purge', '--env', 'production', '--auto', '--as', 'ben'])
    const asked = () => {
      const [run = ''] = existsSync(runsFolder()) ? readdirSync(runsFolder()) : []
      const ledger = join(runsFolder(), run, 'ledger.ndjson')
      return existsSync(ledger) ? readFileSync(ledger, 'utf8') : ''
    }
    expect(await eventually(() => asked().includes('"for":"approval"'))).toBe(true)
    const [run = ''] = readdirSync(runsFolder())
    const key = join(handbook.root, 'anna')
    const whole = await handbook.run(
      'runs',
      'approve',
      run,
      'purge',
      '--key',
      join(handbook.root, 'stranger'),
      '--all',
      '--yes',
    )
    expect(whole.stdout).toContain('\nvariable    MODE: "soft"\n')
    const { stdout, exitCode } = await handbook.run('runs', 'approve', run, 'purge', '--key', key, '--yes')
    expect(exitCode).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.slice(0, 6)).toEqual([
      'Purge · danger in production',
      'Deletes what nobody needs.',
      'Cannot be undone: they are gone',
      'It touches 2, no more: a, b',
      'More than usual: 1 is the page’s usual most',
      expect.stringMatching(/^\S+( on \S+)? has waited for .+; the request ends in .+$/),
    ])
    expect(lines.findIndex(line => line.includes('echo purged >> witness'))).toBeLessThan(
      lines.findIndex(line => line.startsWith('variable')),
    )
    expect(lines.filter(line => line.startsWith('variable'))).toEqual([
      expect.stringMatching(/^variable {4}\d+: .*\bLONG\b/),
    ])
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    expect((await runner).exitCode).toBe(0)
  }, 120_000)

  test('what was not asked for cannot be approved', async () => {
    expect(await approve('20261122-031502-k7f2', 'anna')).toMatchObject({ exitCode: 2 })
    await handbook.run('run', 'purge', '--env', 'production')
    const run = readdirSync(runsFolder())[0] ?? ''
    expect(await approve(run, 'anna')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`Run ${run} asks for no approval of purge`),
    })
  }, 120_000)

  test('a broken glass is seen in the run, in the list, and wherever the run is shown', async () => {
    const reason = 'nobody answers'
    const run = await handbook.run('run', 'purge', '--env', 'production', '--auto', '--break-glass', reason)
    expect(run.exitCode).toBe(0)
    expect(run.stdout.split('\n')[2]).toBe(`BREAK GLASS: dangerous steps run without an approval. ${reason}`)
    expect((await handbook.run('runs', 'list')).stdout).toContain('BREAK GLASS')
    const [id = ''] = readdirSync(runsFolder())
    const { runs } = JSON.parse((await handbook.run('runs', 'list', '--json')).stdout)
    expect(runs[0].breakGlass).toEqual([{ step: 'purge', reason }])
    expect((await handbook.run('runs', 'show', id)).stdout).toMatch(
      /^BREAK GLASS: \S+ ran #purge without an approval: nobody answers\n/,
    )
    expect(await handbook.run('run', 'purge', '--env', 'production', '--break-glass', ' ')).toMatchObject({
      exitCode: 2,
    })
  }, 120_000)
})
