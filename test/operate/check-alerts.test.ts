import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAlerts } from '../../src/operate/index.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'check-alerts-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  write('handbook.yaml', 'url: https://x.example\nrules: [rules]\n')
  write('runbooks/slow.md', '---\ntitle: Slow\nalerts: [DiskSlow, DiskGone]\n---\n\n# Slow\n')
  const rule = (alert: string) => `      - alert: ${alert}
        expr: up == 0
        labels: { severity: warning }
        annotations: { summary: s, description: d, basis: 'measured: m', runbook_url: https://x.example/runbooks/slow }
`
  write('rules/a.rules.yaml', `groups:\n  - name: a\n    rules:\n${rule('DiskSlow')}`)
  write('more/b.yaml', `groups:\n  - name: b\n    rules:\n${rule('DiskLost')}`)
  write('more/other.yaml', 'kind: Deployment\n')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the rules of handbook.yaml are compared with its pages, from any folder inside', async () => {
  for (const cwd of [root, join(root, 'more')]) {
    const { handbook, problems } = await checkAlerts({ rules: [] }, { cwd })
    expect(handbook.root).toBe(root)
    expect(problems.map(({ file, rule, message }) => `${file} ${rule} ${message}`)).toEqual([
      'runbooks/slow.md alert-exists No rule file has an alert DiskGone',
    ])
  }
})

test('paths are from the working folder, and a folder stands for its files with rules', async () => {
  const { problems } = await checkAlerts({ rules: ['.'] }, { cwd: join(root, 'more') })
  expect(problems.map(({ file, rule }) => `${file} ${rule}`)).toContain('more/b.yaml alert-has-page')
})

test.each([
  ['', 'a.rules.yaml threshold-basis warning'],
  ['thresholdBasis: advised', 'a.rules.yaml threshold-basis warning'],
  ['thresholdBasis: required', 'a.rules.yaml threshold-basis error'],
  ['thresholdBasis: off', ''],
])('an alert without a basis, with “%s” in handbook.yaml: “%s”', async (line, expected) => {
  const folder = join(root, `basis-${line.slice(16)}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'handbook.yaml'), `url: https://x.example\n${line}\n`)
  const alert = (name: string, basis: string) =>
    `  - alert: ${name}\n    expr: up == 0\n    labels: { severity: page }\n    annotations: { summary: s, description: d, runbook_url: '{{ x }}'${basis} }\n`
  const text = `groups:\n- name: a\n  rules:\n${alert('A', '')}${alert('B', ", basis: 'lead time: l'")}`
  writeFileSync(join(folder, 'a.rules.yaml'), text.replaceAll('{{ x }}', '{{ $value }}'))
  const { problems } = await checkAlerts({ rules: ['a.rules.yaml'] }, { cwd: folder })
  const found = problems.filter(({ rule }) => rule === 'threshold-basis')
  expect(found.map(({ file, rule, severity }) => `${file} ${rule} ${severity}`).join()).toBe(expected)
})

test.each([
  [{ rules: ['nowhere.yaml'] }, 'There is no file nowhere.yaml'],
  [{ rules: ['runbooks'] }, 'No file in runbooks holds Prometheus rules'],
  [{ rules: [''] }, 'A path is empty'],
  [{ rules: [], pages: 'nowhere' }, 'There is no folder nowhere'],
  [{ rules: [], pages: 'runbooks' }, 'No rules are named, and handbook.yaml names none'],
  [{ rules: [], pages: 'runbooks', url: 'here' }, 'here is no URL'],
  [{ rules: [], pages: 'runbooks', annotation: 'a b' }, 'a b is no name of an annotation'],
  [{ rules: [], annotation: 'playbook' }, '--annotation goes with --pages'],
])('wrong usage: %j', async (options, message) => {
  await expect(checkAlerts(options, { cwd: root })).rejects.toMatchObject({ name: 'UsageError', message })
})
