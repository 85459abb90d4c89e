import { expect, test } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'

test.each([
  [
    'a.yaml',
    'apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMRule\nspec: { groups: [] }\n',
    /^this is a VMRule of Vic/,
  ],
  [
    'a.yaml',
    'apiVersion: loki.grafana.com/v1\nkind: AlertingRule\nspec: { groups: [] }\n',
    /^this is an AlertingRule of Loki/,
  ],
  [
    'a.yaml',
    'apiVersion: v1\nkind: ConfigMap\ndata: { a.rules: "groups: []" }\n',
    /^this is a ConfigMap: give the rule file/,
  ],
  [
    'a.yaml',
    'apiVersion: 1\ngroups: [{ orgId: 1, name: g, rules: [{ uid: a }] }]\n',
    /^this is a file of alert rules of Grafana/,
  ],
  ['a.json', '{"title":"t","panels":[],"schemaVersion":39}', /^this is a dashboard of Grafana/],
  [
    'a.json',
    '{"name":"n","type":"metric alert","query":"avg:system.cpu.user{*} > 90"}',
    /^this is a monitor of Datadog/,
  ],
  ['a.yaml', 'version: prometheus/v1\nservice: s\nslos: []\n', /^this is a specification of Sloth/],
  [
    'a.yaml',
    'apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nspec: {}\n',
    /^this is a PrometheusServiceLevel of Sloth/,
  ],
  ['a.yaml', 'rule_files: [a.yaml]\ntests: []\n', /^this is a test of rules: `promtool test rules`/],
  ['a.yaml', 'global: {}\nscrape_configs: []\n', /^this is a configuration of Prometheus/],
  ['a.yaml', 'route: {}\nreceivers: []\n', /^this is a configuration of Alertmanager/],
  [
    'a.yaml',
    '{{- if .Values.rules }}\ngroups:\n{{ toYaml .Values.rules | indent 2 }}\n{{- end }}\n',
    /^this is a Helm template/,
  ],
  ['a.yaml', 'groups:\n  - name: {{ .Release.Name }}\n    rules: []\n', /^this is a Helm template/],
  ['a.libsonnet', '{ prometheusAlerts+:: { groups+: [] } }', /^this is jsonnet/],
  ['a.yaml', "local k = import 'k.libsonnet';\n{ groups: [] }\n", /^this is jsonnet/],
  ['a.tf', 'resource "grafana_rule_group" "a" {\n  name = "a"\n}\n', /^this is Terraform/],
  [
    'a.yaml',
    'groups:\n  - name: g\n    folder: f\n    rules:\n      - uid: a\n        title: t\n        condition: C\n        data: []\n        noDataState: OK\n        for: 5m\n',
    /^this is a file of alert rules of Grafana/,
  ],
  [
    'a.yaml',
    'groups:\n  - name: g\n    rules:\n{% for job in jobs %}\n      - alert: A\n        expr: up\n{% endfor %}\n',
    /^this is a template of Jinja/,
  ],
  [
    'a.yaml',
    'apiVersion: monitoring.googleapis.com/v1\nkind: Rules\nspec: { groups: [] }\n',
    /^this is a Rules of Google Cloud/,
  ],
])('%s: %j is named for what it is, once', (file, text, message) => {
  const { rules, problems } = readRules(text, file)
  expect(rules).toEqual([])
  expect(problems).toMatchObject([
    { severity: 'error', message: expect.stringMatching(message), hint: 'Give a rule file that Prometheus reads' },
  ])
})

test.each([
  [
    'text of Prometheus in quotes',
    'groups: [{ name: g, rules: [{ alert: A, expr: up, annotations: { s: "{{ $labels.job }} {{ if true }}x{{ end }}" } }] }]',
  ],
  [
    'a manifest in a file that Helm has rendered',
    '# Source: x\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: { groups: [{ name: g, rules: [{ alert: A, expr: up }] }] }',
  ],
  [
    'a file of Mimir, whose fields are told of',
    'namespace: n\ngroups: [{ name: g, source_tenants: [a], rules: [{ alert: A, expr: up }] }]',
  ],
  [
    'fields of Prometheus 3',
    'groups: [{ name: g, query_offset: 1m, labels: { a: b }, rules: [{ alert: A, expr: up }] }]',
  ],
  [
    'words of Helm in a comment and in an annotation',
    '# {{ .Values.x }}\ngroups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    annotations: { s: "{{ .Values.x }} {{ $value }}" }\n',
  ],
  ['a second document that is broken', 'groups: [{ name: g, rules: [{ alert: A, expr: up }] }]\n--- [}\n'],
  ['lines that end in NEL', 'groups:\u0085- name: g\u0085  rules:\u0085  - alert: A\u0085    expr: up\u0085'],
])('%s is read', (_, text) => {
  const { rules, problems } = readRules(text, 'a.yaml')
  expect(rules).toMatchObject([{ alert: 'A' }])
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
})

test.each(['', '# nothing yet\n', 'groups:\n', 'groups:\n- name: a\n  rules:\n'])(
  '%j holds no rule, which is told',
  text => {
    expect(readRules(text, 'a.yaml').problems).toMatchObject([
      { severity: 'warning', message: 'there is no rule in this file' },
    ])
  },
)

test('an alias as an expression, and a rule that is there twice, are told of', () => {
  const text =
    'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: &e up == 0\n  - alert: B\n    expr: *e\n  - alert: A\n    expr: up\n'
  const { rules, problems } = readRules(text, 'a.yaml')
  expect(rules.map(({ expr }) => expr)).toEqual(['up == 0', 'up == 0', 'up'])
  expect(problems).toMatchObject([
    { severity: 'warning', line: 7, message: expect.stringContaining('older than 3 reads `*e` as the text `e`') },
    {
      severity: 'warning',
      line: 8,
      message: expect.stringContaining('is there twice with the same labels, first in line 4'),
    },
  ])
})

test('a recording rule may wait for nothing, and have no annotations', () => {
  const text = 'groups: [{ name: g, rules: [{ record: r, expr: up, for: 0s, annotations: {} }] }]'
  expect(readRules(text, 'a.yaml')).toMatchObject({ rules: [{ record: 'r' }], problems: [] })
})
