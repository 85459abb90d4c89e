import { existsSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makePractice } from '../journal/make-practice.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('lab.sh', 'touch touched; exit 3\n')
  handbook.write('runbooks/page.md', PAGE)
})
afterEach(() => handbook.remove())

const HANDBOOK = `url: https://x.example
lab:
  commands: { up: sh lab.sh, down: sh lab.sh, status: sh lab.sh, break: sh lab.sh, heal: sh lab.sh }
  faults: { gone: It is gone }
environments:
  lab: { lab: true }
  production: { auto: danger }
`
const PAGE = `---
title: It is gone
alerts: [ThingGone]
drills: [{ fault: gone }]
---

## Diagnose

### Look

\`\`\`bash
true
\`\`\`
`

describe('it is refused before anything happens', () => {
  test.each([
    [
      ['gone', '--env', 'production'],
      '✗ production is not a lab: a practice breaks the deployment, so it is only for a lab\n  Practise in lab: leave out --env\n',
    ],
    [['--surprise', '--env', 'production'], '✗ production is not a lab'],
    [['gone', '--seed', '1'], '✗ --seed chooses a surprise\n'],
    [['gone', '--history'], '✗ --history stands alone\n'],
    [['--give-up', '--history'], '✗ --history stands alone\n'],
    [['--give-up'], '✗ Nobody practises in this handbook\n'],
    [[], '✗ Say which fault, or --surprise\n  Faults: gone\n'],
    [['nothing'], '✗ There is no fault nothing\n'],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await handbook.run('practise', ...args)
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(readdirSync(handbook.cwd).sort()).toEqual(['handbook.yaml', 'lab.sh', 'runbooks'])
  })

  test('while somebody else practises there', async () => {
    handbook.write('.handbook/practice.json', JSON.stringify({ user: 'ann', host: 'elsewhere', pid: 1 }))
    handbook.write('static/monitoring/x.rules.yaml', 'groups: []\n')
    const { exitCode, stderr } = await handbook.run('practise', 'gone')
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('✗ ann@elsewhere practises in this handbook already\n')
    const other = await handbook.run('practise', '--give-up')
    expect(other.stderr).toBe('✗ The practice goes on as process 1 of elsewhere\n  Press Ctrl-C there\n')
  })
})

describe('the history', () => {
  test('is empty where nobody has practised', async () => {
    const { exitCode, stdout, stderr } = await handbook.run('practise', '--history')
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toBe('Nobody has practised here yet: handbook practise --surprise\n')
    expect((await handbook.run('practise', '--history', '--json')).stdout).toBe('{"practices":[]}\n')
    expect(existsSync(`${handbook.cwd}/touched`)).toBe(false)
  })

  test('is a table, or data with the newest first; a line that is none is named', async () => {
    const [one, two] = [makePractice({}), makePractice({ fault: 'later' })]
    handbook.write('.handbook/practices.ndjson', `${JSON.stringify(one)}\nno\n${JSON.stringify(two)}\n`)
    const { stdout, stderr } = await handbook.run('practise', '--history')
    expect(stdout).toMatch(/^DATE .*\n2026-11-30 {2}later .*\n2026-11-30 {2}filling .*12\.4 % failed\n$/)
    expect(stderr).toMatch(/^! 1 line of .*practices\.ndjson cannot be read: 2\n$/)
    const data = JSON.parse((await handbook.run('practise', '--history', '--json')).stdout)
    expect(data).toEqual({ practices: [two, one], unreadable: [2] })
  })
})
