import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'

const FILE = `groups:
  - name: uploads
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors[5m]))
      - alert: TooManyErrors
        expr: |
          job:errors:rate5m > 1
        for: 10m
        keep_firing_for: 5m
        labels: &critical
          severity: critical
        annotations:
          summary: Many errors
      - alert: Always
        expr: 1
        labels: *critical
`

test('reads alerts and recording rules, with their places', () => {
  const { rules, problems } = readRules(FILE, 'a.yaml')
  expect(problems).toEqual([])
  expect(rules).toEqual([
    {
      kind: 'record',
      record: 'job:errors:rate5m',
      file: 'a.yaml',
      line: 4,
      column: 17,
      group: 'uploads',
      expr: 'sum by (job) (rate(errors[5m]))',
      labels: {},
    },
    {
      kind: 'alert',
      alert: 'TooManyErrors',
      file: 'a.yaml',
      line: 6,
      column: 16,
      group: 'uploads',
      expr: 'job:errors:rate5m > 1\n',
      for: '10m',
      keepFiringFor: '5m',
      labels: { severity: 'critical' },
      annotations: { summary: 'Many errors' },
    },
    {
      kind: 'alert',
      alert: 'Always',
      file: 'a.yaml',
      line: 15,
      column: 16,
      group: 'uploads',
      expr: '1',
      labels: { severity: 'critical' },
      annotations: {},
    },
  ])
})

describe('what is wrong comes as problems at their places, beside what can be read', () => {
  test.for([
    ['7', 1, 1, 'a rule file has a list `groups`'],
    ['groups: none', 1, 9, 'a rule file has a list `groups`'],
    ['groups:\n  - rules: []', 2, 5, 'a group has a `name`'],
    ['groups:\n  - { name: g, rules: x }', 2, 23, 'a group has a list `rules`'],
    ['groups: []\nrule: []', 2, 1, 'there is no field `rule` in a rule file'],
    ['groups:\n  - just text', 2, 5, 'a group has a `name` and a list `rules`'],
    ['groups: [{ name: g, rules: [7] }]', 1, 29, 'a rule has `alert` or `record`, and `expr`'],
    ['groups:\n- name: g\n  rules:\n  - expr: x', 4, 5, 'a rule has `alert` or `record`'],
    ['groups:\n- name: g\n  rules:\n  - alert: A', 4, 12, 'the rule `A` has no `expr`'],
    ['groups:\n- name: g\n  rules:\n  - { alert: A, expr: [x] }', 4, 23, '`expr` is text'],
    [
      'groups:\n- name: g\n  rules:\n  - { alert: A, expr: x, labels: { n: [7] } }',
      4,
      39,
      'every value of `labels` is text: put it in quotes',
    ],
    [
      'groups:\n- name: g\n  rules:\n  - { alert: A, expr: x, annotations: no }',
      4,
      39,
      '`annotations` is a map of texts',
    ],
  ] as const)('%j', ([text, line, column, message]) => {
    const { problems } = readRules(text, 'rules/a.yaml')
    expect(problems[0]).toEqual({ file: 'rules/a.yaml', line, column, rule: 'rules-shape', severity: 'error', message })
  })

  test('bad YAML is a problem at its place', () => {
    const { rules, problems } = readRules('groups:\n  - name: "g\n', 'a.yaml')
    expect(rules).toEqual([])
    expect(problems[0]).toMatchObject({
      rule: 'rules-yaml',
      severity: 'error',
      message: 'Missing closing "quote',
    })
  })

  test('one bad rule does not hide the others', () => {
    const { rules, problems } = readRules(FILE.replace('alert: Always', 'alrt: Always'), 'a.yaml')
    expect(rules).toHaveLength(2)
    expect(problems).toMatchObject([
      { line: 15, message: 'there is no field `alrt` in a rule' },
      { line: 15, message: 'a rule has `alert` or `record`' },
    ])
  })

  test('no text whatever is an exception', () => {
    const piece = fc.constantFrom(
      'groups:',
      '\n',
      '  ',
      '- ',
      'name: g',
      'rules:',
      'alert: A',
      'expr: x',
      '*a',
      '&a ',
      '[',
      '{',
      '"',
      ': ',
      '? ',
      '!!x',
      '\t',
      '|',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map(pieces => pieces.join('')),
        ),
        text => {
          for (const { line, column } of readRules(text, 'a.yaml').problems) {
            expect(line).toBeGreaterThan(0)
            expect(column).toBeGreaterThan(0)
          }
        },
      ),
    )
  })
})

const MANIFESTS = `# of a bundle
apiVersion: v1
kind: ConfigMap
data: { groups: none of our business }
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: one }
spec:
  groups:
    - name: one
      rules: [{ alert: First, expr: up }]
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRuleList
items:
  - apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    spec:
      groups:
        - name: two
          rules:
            - alert: Second
              expr: up
`

test('reads the rules of manifests and of several documents, with their places in the file', () => {
  const { rules, problems } = readRules(MANIFESTS, 'a.yaml')
  expect(problems).toEqual([])
  const found = rules.map(rule => [rule.kind === 'alert' ? rule.alert : '', rule.group, rule.line, rule.column])
  expect(found).toEqual([
    ['First', 'one', 12, 24],
    ['Second', 'two', 23, 22],
  ])
})

test.each([
  ['apiVersion: v1\nkind: ConfigMap\n', 1],
  ['apiVersion: v1\nkind: PrometheusRule\nmetadata: {}\n', 1],
  ['apiVersion: v1\nkind: PrometheusRule\nspec:\n  groups: none\n', 4],
  ['groups: []\n---\ngroups: []\n', 3],
  ['apiVersion: v1\nkind: List\n', 1],
  ['groups: []\n---\ngroups:\n  - name: [a\n', 5],
  ['', 1],
])('%j is a problem of its own place', (text, line) => {
  const { problems } = readRules(text, 'a.yaml')
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ file: 'a.yaml', line })
})
