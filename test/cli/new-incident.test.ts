import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'

const run = promisify(execFile)
let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  for (const path of ['src', 'scripts', 'tsconfig.json', 'biome.json', 'package.json', '.gitignore', '.editorconfig'])
    if (existsSync(path)) cpSync(path, join(handbook.cwd, path), { recursive: true })
  symlinkSync(resolve('node_modules'), join(handbook.cwd, 'node_modules'))
  handbook.write('handbook.yaml', handbook.lab + YAML)
  handbook.write('rules/shop.rules.yaml', RULES)
})
afterAll(() => handbook.remove())

const YAML = `url: https://x.example
rules: [rules]
services: [api]
owners: { storage: { name: Storage, contact: "#storage" } }
environments: { here: { auto: danger } }
`
const RULES = `groups:
  - name: shop
    rules:
      - { alert: CornerShopDown, expr: up == 0, labels: { severity: critical } }
      - { alert: CornerShopSlow, expr: up == 0, labels: { severity: critical } }
`
const FAULT = 'src/lab/incidents/queue-stuck/fault.ts'
const PAGE = 'runbooks/queue-stuck.md'
const read = (path: string) => readFileSync(join(handbook.cwd, path), 'utf8')

describe('an incident that is begun', () => {
  test('is one folder, one rule file with its test, and one page', async () => {
    const { stdout, stderr, exitCode } = await handbook.run('new', 'incident', 'queue-stuck', '--owner', 'storage')
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    for (const path of [FAULT, 'rules/queue-stuck.rules.yaml', 'rules/queue-stuck.test.yaml', PAGE])
      expect(stdout).toContain(`✓ Wrote ${path}\n`)
    expect(stdout).toMatch(/1\. Bring the fault about in/)
    expect(stdout).toContain('List the fault: npm run build:cli')
    expect(stdout).toContain('handbook drill queue-stuck')
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  })

  test('is formatted and typed as code here is, and listed by a build', async () => {
    const cwd = handbook.cwd
    await run('node_modules/.bin/biome', ['check', '--vcs-enabled=false', FAULT], { cwd })
    await run(process.execPath, ['scripts/write-indexes.mjs'], { cwd })
    expect(read('src/lab/incidents/index.ts')).toContain("import { queueStuck } from './queue-stuck/fault.ts'")
    handbook.write('tsconfig.one.json', JSON.stringify({ extends: './tsconfig.json', include: [FAULT] }))
    await run('node_modules/.bin/tsc', ['--noEmit', '-p', 'tsconfig.one.json'], { cwd })
  })

  test('has an alert named as the others here, whose page is this one', async () => {
    expect(read('rules/queue-stuck.rules.yaml')).toContain('alert: CornerShopQueueStuck\n')
    const { stdout } = await handbook.run('check', '--json')
    const problems: Problem[] = JSON.parse(stdout).problems
    const ours = problems.filter(({ file }) => file.includes('queue-stuck'))
    expect([...new Set(ours.map(({ rule }) => rule))].sort()).toEqual([
      'drill-fault',
      'finished-prose',
      'proof-current',
      'reviewed-lately',
    ])
    const { alerts, drills, problems: own } = parseProcedure(read(PAGE), PAGE)
    expect({ alerts, own }).toEqual({ alerts: ['CornerShopQueueStuck'], own: [] })
    expect(drills).toMatchObject([{ fault: 'queue-stuck', expect: ['mend'] }])
  })

  test.runIf(requires('the alert of a new incident', ['promtool']))('and its test proves its duration', async () => {
    const test = join(handbook.cwd, 'rules/queue-stuck.test.yaml')
    expect((await run('promtool', ['test', 'rules', test])).stdout).toContain('SUCCESS')
    handbook.write('rules/queue-stuck.rules.yaml', read('rules/queue-stuck.rules.yaml').replace('for: 5m', 'for: 7m'))
    await expect(run('promtool', ['test', 'rules', test])).rejects.toMatchObject({ code: 1 })
  })

  test('has steps that fail until somebody has written them', async () => {
    const steps = parseProcedure(read(PAGE), PAGE).phases.flatMap(({ steps }) => steps)
    expect(steps.map(({ id }) => id)).toEqual(['cause', 'mend', 'works'])
    for (const { id } of steps) {
      const { exitCode, stdout } = await handbook.run('run', 'queue-stuck', '--env', 'here', '--auto', '--step', id)
      expect(exitCode, stdout).toBe(1)
      expect(stdout).toContain('TODO: ')
    }
  })

  test('is never written over what is there, and then nothing is', async () => {
    const before = read(PAGE)
    expect((await handbook.run('new', 'incident', 'queue-stuck')).exitCode).toBe(2)
    expect(read(PAGE)).toBe(before)
    handbook.write('rules/late.test.yaml', 'mine\n')
    const { exitCode, stderr } = await handbook.run('new', 'incident', 'late')
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('rules/late.test.yaml') })
    expect(existsSync(join(handbook.cwd, 'runbooks/late.md'))).toBe(false)
    expect(existsSync(join(handbook.cwd, 'src/lab/incidents/late'))).toBe(false)
  })
})

test('where no lab is named nothing is begun', async () => {
  handbook.write('handbook.yaml', YAML)
  const { exitCode, stderr } = await handbook.run('new', 'incident', 'too-early')
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('names no lab') })
  expect(existsSync(join(handbook.cwd, 'runbooks/too-early.md'))).toBe(false)
})
