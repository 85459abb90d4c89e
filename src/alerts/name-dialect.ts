import { isRecord } from './json-shape.ts'

/** For a text that is not a file of Prometheus rules: what it is, and what to give instead; `undefined` when this is unknown. */
export function nameDialect(text: string, file: string, document: unknown): string | undefined {
  const named = isRecord(document) ? nameResource(document) : undefined
  if (named !== undefined) return named
  if (/\.(?:jsonnet|libsonnet)$/.test(file) || JSONNET.test(text))
    return 'this is jsonnet: check what `jsonnet` or `mixtool generate alerts` makes of it'
  if (HELM.test(text)) return 'this is a Helm template: check what `helm template` makes of it'
  if (/\.tf$/.test(file) || /^resource\s+"[\w-]+"\s+"[\w-]+"\s*\{/m.test(text))
    return 'this is Terraform: check the rules that it writes'
  return undefined
}

/** Words of Helm alone, or a line with only a directive. Prometheus' own texts hold `{{ }}` too. */
const HELM =
  /\{\{[^}]*(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|\b(?:include|toYaml|nindent|tpl)\b)|^\{\{-?\s*(?:if|range|with|define|end)\b/m
const JSONNET =
  /^\s*(?:local\s+\w+|\(?import\s+['"]|\{\s*(?:_config|prometheus(?:Alerts|Rules)|grafanaDashboards)\+?::)/m

function nameResource(document: Record<string, unknown>): string | undefined {
  const { apiVersion, kind } = document
  const group = String(apiVersion ?? '').split('/')[0] ?? ''
  const resource = RESOURCES.find(([of, kinds]) => of === group && (!kinds || kinds.includes(String(kind))))
  if (resource) return `this is ${article(String(kind))}${resource[2]}`
  return SHAPES.find(([fields]) => fields.every(field => field in document))?.[1]
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** API group, kinds if not all, and what to do. */
const RESOURCES: readonly (readonly [group: string, kinds: readonly string[] | undefined, what: string])[] = [
  ['operator.victoriametrics.com', undefined, ' of VictoriaMetrics: give its groups in a file of their own'],
  ['loki.grafana.com', undefined, ' of Loki, whose expressions are LogQL: give its groups in a file of their own'],
  ['v1', ['ConfigMap'], ': give the rule file that it was made from'],
  ['v1', ['Secret'], ': give the rule file that it was made from'],
  ['sloth.slok.dev', undefined, ' of Sloth: check what `sloth generate` makes of it'],
  ['pyrra.dev', undefined, ' of Pyrra: check what `pyrra generate` makes of it'],
  ['openslo', undefined, ' of OpenSLO: check the rules that are generated from it'],
  ['kustomize.config.k8s.io', undefined, ' of Kustomize: check what `kustomize build` makes of it'],
  ['grafana.integreatly.org', undefined, ' of Grafana: Grafana evaluates it, not Prometheus'],
  ['notifications.alerting.grafana.app', undefined, ' of Grafana: Grafana evaluates it, not Prometheus'],
  ['rules.alerting.grafana.app', undefined, ' of Grafana: Grafana evaluates it, not Prometheus'],
  [
    'monitoring.coreos.com',
    ['AlertmanagerConfig', 'ServiceMonitor', 'PodMonitor', 'Probe', 'ScrapeConfig'],
    ', which holds no rules',
  ],
]

/** Top-level fields that show what a file is, the clearest first. */
const SHAPES: readonly (readonly [fields: readonly string[], what: string])[] = [
  [['slos', 'service'], 'this is a specification of Sloth: check what `sloth generate` makes of it'],
  [['rule_files', 'tests'], 'this is a test of rules: `promtool test rules` runs it'],
  [['apiVersion', 'groups'], 'this is a file of alert rules of Grafana: Grafana evaluates it, not Prometheus'],
  [['scrape_configs'], 'this is a configuration of Prometheus: give the files of its `rule_files`'],
  [['rule_files'], 'this is a configuration of Prometheus: give the files of its `rule_files`'],
  [['route', 'receivers'], 'this is a configuration of Alertmanager, which holds no rules'],
  [['panels', 'schemaVersion'], 'this is a dashboard of Grafana, which holds no rules that Prometheus evaluates'],
  [['dashboard'], 'this is a dashboard of Grafana, which holds no rules that Prometheus evaluates'],
  [['query', 'type', 'name'], 'this is a monitor of Datadog: Datadog evaluates it, not Prometheus'],
  [['Resources'], 'this is a template of CloudFormation: CloudWatch evaluates its alarms, not Prometheus'],
]

/** The fields of a file, a group and a rule that Prometheus reads. Groups have those of `since3` since Prometheus 3. */
const PROMETHEUS = {
  file: ['groups'],
  group: ['name', 'interval', 'limit', 'rules'],
  rule: ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'],
  since3: ['query_offset', 'labels'],
} as const

/** Fields that other systems read in files of the same shape, and that Prometheus refuses. */
const FOREIGN: Readonly<Record<string, string>> = {
  namespace: 'Mimir',
  source_tenants: 'Mimir',
  evaluation_delay: 'Mimir',
  align_evaluation_time_on_interval: 'Mimir',
  partial_response_strategy: 'Thanos',
  remote_write: 'Loki',
  tenant: 'VictoriaMetrics',
  type: 'VictoriaMetrics',
  concurrency: 'VictoriaMetrics',
  params: 'VictoriaMetrics',
  headers: 'VictoriaMetrics',
  notifier_headers: 'VictoriaMetrics',
  eval_offset: 'VictoriaMetrics',
  eval_delay: 'VictoriaMetrics',
  eval_alignment: 'VictoriaMetrics',
  debug: 'VictoriaMetrics',
  update_entries_limit: 'VictoriaMetrics',
}

/** The problem with a field of a rule file, a group or a rule; `undefined` when Prometheus reads the field. */
export function judgeField(
  of: 'file' | 'group' | 'rule',
  field: string,
): { readonly severity: 'error' | 'warning'; readonly message: string } | undefined {
  const known: readonly string[] = of === 'group' ? [...PROMETHEUS.group, ...PROMETHEUS.since3] : PROMETHEUS[of]
  if (known.includes(field)) return undefined
  const system = Object.hasOwn(FOREIGN, field) ? FOREIGN[field] : undefined
  if (system)
    return { severity: 'warning', message: `\`${field}\` is a field of ${system}: Prometheus refuses the file` }
  return { severity: 'error', message: `a ${of === 'file' ? 'rule file' : of} has no field \`${field}\`` }
}
