import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>

const DESCRIBED = 'labels: { severity: critical }\n        annotations:\n          summary: s\n          description: d'
const ANOTHER = `      - alert: AnotherAlert
        expr: up == 1
        ${DESCRIBED}
          runbook_url: https://handbook.example/runbooks/another
`
const RULES = `groups:
  - name: example
    rules:
${ANOTHER}`
/** As a Kubernetes operator takes it; the second document is none of ours. */
const MANIFEST = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
spec:
  groups:
  - name: manifest
    rules:
    - alert: NobodyAnswers
      expr: up == 0
    - alert: LeadsNowhere
      expr: up == 0
      labels: { severity: warning }
      annotations:
        summary: s
        description: d
        runbook_url: https://handbook.example/runbooks/nowhere
---
apiVersion: v1
kind: ConfigMap
`

beforeAll(async () => {
  handbook = await createHandbook()
  cpSync(join(import.meta.dirname, '../lint/handbook'), handbook.cwd, { recursive: true })
  handbook.write('good/rules.yaml', RULES)
  handbook.write('bundle/deep/alerts.yml', MANIFEST)
  handbook.write('bundle/other.yaml', 'kind: Deployment\n')
  handbook.write(
    'bundle/definition.yaml',
    'kind: CustomResourceDefinition\nspec:\n  names:\n    kind: PrometheusRule\n',
  )
})
afterAll(() => handbook.remove())

const list = (stdout: string) =>
  (JSON.parse(stdout).problems as Problem[]).map(
    ({ file, line, column, rule, severity, message }) => `${file}:${line}:${column} ${severity} ${rule} ${message}`,
  )

it('ends with 0 when alerts and pages answer each other', async () => {
  const { exitCode, stdout, stderr } = await handbook.run('alerts', 'check', 'good')
  expect(stderr).toBe('')
  expect(stdout).toContain('nothing wrong')
  expect(exitCode).toBe(0)
})

it('finds the rules of manifests in a folder, however deep, and passes other YAML over', async () => {
  const { exitCode, stdout } = await handbook.run('alerts', 'check', 'bundle', '--json')
  expect(list(stdout)).toEqual([
    'bundle/deep/alerts.yml:7:14 warning alert-described NobodyAnswers has no label severity and no annotation summary and no annotation description',
    'bundle/deep/alerts.yml:7:14 error alert-has-page No page names the alert NobodyAnswers',
    'bundle/deep/alerts.yml:9:14 error alert-has-page The runbook_url of LeadsNowhere leads to no page of this handbook',
  ])
  expect(exitCode).toBe(1)
})

it('names alerts of pages that are in none of the rules, neither those given nor the handbook’s', async () => {
  const page = '---\ntitle: Gone\nalerts: [AnotherAlert, NoLongerThere]\n---\n\n## Meaning\n\nGone.\n'
  handbook.write('runbooks/gone.md', page)
  const { exitCode, stdout } = await handbook.run('alerts', 'check', 'good/rules.yaml')
  expect(stdout).toContain('runbooks/gone.md:3:24 error alert-exists\n  No rule file has an alert NoLongerThere')
  expect(exitCode).toBe(1)
  renameSync(join(handbook.cwd, 'runbooks/gone.md'), join(handbook.cwd, 'gone.txt'))
})

it('only warns of alerts that say too little', async () => {
  handbook.write('terse.yaml', RULES.replace('          summary: s\n', ''))
  const { exitCode, stdout } = await handbook.run('alerts', 'check', 'terse.yaml')
  expect(stdout).toContain('terse.yaml:4:16 warning alert-described\n  AnotherAlert has no annotation summary')
  expect(exitCode).toBe(0)
})

it('tells broken YAML at its place', async () => {
  handbook.write('broken.yaml', 'groups:\n  - name: "x" y\n')
  const { exitCode, stdout } = await handbook.run('alerts', 'check', 'broken.yaml', '--json')
  expect(list(stdout)).toEqual([expect.stringMatching(/^broken\.yaml:2:\d+ error rules-yaml /)])
  expect(exitCode).toBe(1)
})

it('takes a folder of pages without a handbook, where a page is called as its alert', async () => {
  mkdirSync(join(handbook.root, 'elsewhere'))
  handbook.write('../elsewhere/pages/node/NodeDown.md', '# NodeDown\n')
  handbook.write('../elsewhere/pages/node/Forgotten.md', '# Forgotten\n')
  handbook.write('../elsewhere/pages/hints.md', '# Hints\n')
  const rule = (alert: string, path: string) =>
    `      - alert: ${alert}\n        expr: up\n        ${DESCRIBED}\n          runbook_url: https://x.example/${path}\n`
  handbook.write(
    '../elsewhere/rules.yaml',
    `groups:\n  - name: x\n    rules:\n${rule('NodeDown', 'node/nodedown/')}${rule('NodeSlow', 'node/nodeslow')}`,
  )
  const args = ['../elsewhere/rules.yaml', '--pages', '../elsewhere/pages', '--url', 'https://x.example', '--json']
  const { exitCode, stdout } = await handbook.run('alerts', 'check', ...args)
  expect(list(stdout)).toEqual([
    '../rules.yaml:11:16 error alert-has-page The runbook_url of NodeSlow leads to no page of this handbook',
    'node/Forgotten.md:1:1 error alert-exists No rule file has an alert Forgotten',
  ])
  expect(exitCode).toBe(1)
})

it('takes the annotation that names the page from handbook.yaml, or from an option', async () => {
  mkdirSync(join(handbook.root, 'named/runbooks'), { recursive: true })
  const page = '---\ntitle: Disk\nalerts: [DiskSlow, DiskGone]\n---\n\n# Disk\n'
  handbook.write('../named/runbooks/disk.md', page)
  handbook.write(
    '../named/handbook.yaml',
    'url: https://x.example\npages: [runbooks]\nrules: [.]\nrunbookAnnotation: playbook\n',
  )
  const rule = (alert: string, annotation: string) =>
    `      - alert: ${alert}\n        expr: up\n        ${DESCRIBED}\n          ${annotation}: https://x.example/runbooks/disk\n`
  const rules = `groups:\n  - name: x\n    rules:\n${rule('DiskSlow', 'playbook')}${rule('DiskGone', 'runbook_url')}`
  handbook.write('../named/a.rules.yaml', rules)
  const wrong = 'DiskGone has a page, runbooks/disk.md, but no playbook that leads there'
  const own = await handbook.shell(`cd '${join(handbook.root, 'named')}' && $HANDBOOK alerts check --json`)
  expect(list(own.stdout).filter(line => line.includes('runbook-url'))).toEqual([
    `a.rules.yaml:11:16 error runbook-url ${wrong}`,
  ])
  const args = ['../named/a.rules.yaml', '--pages', '../named/runbooks', '--url', 'https://x.example/runbooks']
  const given = await handbook.run('alerts', 'check', ...args, '--annotation', 'playbook', '--json')
  expect(given.stdout).toContain('but no playbook that leads there')
  expect(await handbook.run('alerts', 'check', 'good', '--annotation', 'playbook')).toMatchObject({ exitCode: 2 })
})

it('takes one long page with a heading for each alert, as mixins have', async () => {
  mkdirSync(join(handbook.root, 'mixin'))
  handbook.write('../mixin/runbook.md', '# Alerts\n\n##### Alert Name: "DiskSlow"\n\nWait.\n')
  const rule = (alert: string) =>
    `      - alert: ${alert}\n        expr: up\n        ${DESCRIBED}\n          runbook_url: https://x.example/tree/runbook.md#alert-name-${alert.toLowerCase()}\n`
  handbook.write('../mixin/rules.yaml', `groups:\n  - name: x\n    rules:\n${rule('DiskSlow')}${rule('DiskGone')}`)
  const args = ['../mixin/rules.yaml', '--pages', '../mixin', '--url', 'https://x.example/tree', '--json']
  const { exitCode, stdout } = await handbook.run('alerts', 'check', ...args)
  expect(list(stdout)).toEqual([
    'rules.yaml:11:16 error alert-has-page The runbook_url of DiskGone leads to runbook.md, which does not name the alert',
  ])
  expect(exitCode).toBe(1)
})

it('finds nothing wrong with this repository’s own rules', async () => {
  const { stdout } = await handbook.shell(`cd '${process.cwd()}' && $HANDBOOK alerts check static/monitoring --json`)
  expect(JSON.parse(stdout)).toEqual({ problems: [] })
})

it.each([
  [['alerts', 'check', ''], 'A path is empty'],
  [['alerts', 'check', 'nowhere.yaml'], 'There is no file nowhere.yaml'],
  [['alerts', 'check', 'no*.yaml'], 'Let the shell expand it'],
  [['alerts', 'check', 'scripts'], 'No file in scripts holds Prometheus rules'],
  [['alerts', 'check', 'good', '--pages', 'nowhere'], 'There is no folder nowhere'],
  [['alerts', 'check', 'good', '--pages', '.', '--url', 'here'], 'here is no URL'],
  [['alerts', 'list'], 'handbook alerts has no list'],
])('ends with 2 for %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await handbook.run(...args)
  expect(stderr).toContain(message)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})
