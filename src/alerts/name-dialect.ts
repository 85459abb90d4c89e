import type { Problem } from '../base/index.ts'

/** What a file is that Prometheus cannot read, what to do with it, and where it shows. */
export interface Dialect {
  readonly message: string
  readonly line?: number
}

/** A field that Prometheus does not know, and what has it. */
export interface UnknownField {
  readonly field: string
  readonly of: string
}

/**
 * For a file that Prometheus refuses, with the texts of its top-level fields: what it is, and what to give instead; `undefined` when this is unknown. To be asked only when the
 * file is broken: the texts of a good one may speak of anything.
 */
export function nameDialect(
  text: string,
  file: string,
  fields: ReadonlyMap<string, string>,
  unknown: readonly UnknownField[],
  problems: readonly Pick<Problem, 'rule' | 'line' | 'severity'>[] = [],
): Dialect | undefined {
  const named = nameResource(fields)
  if (named !== undefined) return { message: named }
  if (unknown.some(({ field, of }) => GRAFANA[of]?.includes(field)))
    return { message: 'this is a file of alert rules of Grafana: Grafana evaluates it, not Prometheus' }
  if (/\.(?:jsonnet|libsonnet)$/.test(file) || JSONNET.test(text))
    return { message: 'this is jsonnet: check what `jsonnet` or `mixtool generate alerts` makes of it' }
  const lines = text.split(/\r\n|[\n\r]/).map(withoutComment)
  const find = (pattern: RegExp) => {
    const index = lines.findIndex(line => pattern.test(line))
    return index < 0 ? undefined : index + 1
  }
  const helm = isNoYaml(problems) ? find(HELM) : findIn(HELM, lines, problems)
  if (helm !== undefined)
    return { message: 'this is a Helm template: check what `helm template` makes of it', line: helm }
  const jinja = /\.j2$/.test(file) ? 1 : find(JINJA)
  if (jinja !== undefined)
    return { message: 'this is a template of Jinja, as Ansible has them: check what is rendered', line: jinja }
  if (/\.tf$/.test(file) || /^resource\s+"[\w-]+"\s+"[\w-]+"\s*\{/m.test(text))
    return { message: 'this is Terraform: check the rules that it writes' }
  return nameLanguage(lines)
}

function isNoYaml(problems: readonly Pick<Problem, 'rule'>[]): boolean {
  return problems.some(({ rule }) => rule === 'rules-yaml')
}

/** In a file that is YAML, a sign of another language explains only a mistake in the same value. */
function findIn(
  pattern: RegExp,
  lines: readonly string[],
  problems: readonly Pick<Problem, 'line' | 'severity'>[],
): number | undefined {
  const depth = (line = '') => line.search(/\S|$/)
  for (const { line: from, severity } of problems) {
    if (severity !== 'error') continue
    const own = lines[from - 1]
    const rest = lines.slice(from).findIndex(line => line.trim() !== '' && depth(line) <= depth(own))
    const value = lines.slice(from - 1, rest < 0 ? undefined : from + rest)
    const index = value.findIndex(line => pattern.test(line))
    if (index >= 0) return from + index
  }
  return undefined
}

/** Words of Helm alone, or a line with only a directive. Prometheus' own texts hold `{{ }}` too. */
const HELM =
  /\{\{[^}]*(?:(?<![\w$])(?:\$?\.(?:Values|Release|Chart|Capabilities|Files|Template))\b|(?:^|[\s({|])(?:include|toYaml|nindent|tpl|indent)\s)|^\s*\{\{-?\s*(?:if|range|with|define|end|else|include|template)\b[^}]*\}\}\s*$/
const JINJA = /\{%-?\s*(?:if|for|endif|endfor|raw|endraw|set|include|macro)\b/
const JSONNET =
  /^\s*(?:local\s+\w+|\(?import\s+['"]|\{\s*(?:_config|prometheus(?:Alerts|Rules)|grafanaDashboards)\+?::)/m

/** Languages of expressions that are like PromQL, by what PromQL refuses. */
const LANGUAGES: readonly (readonly [sign: RegExp, message: string])[] = [
  [
    /\}\s*(?:\|[=~>]|(?:!=|!~)\s*["`]|\|\s*(?:json|logfmt|pattern|regexp|unpack|unwrap|line_format|label_format|drop|keep|decolorize)\b)|^\s*\|[=~]\s*["`]|\b(?:bytes_rate|bytes_over_time|rate_counter)\s*\(/,
    'these are rules of Loki, whose expressions are LogQL: Loki evaluates them, not Prometheus',
  ],
  [
    /\bkeep_metric_names\b|\bWITH\s*\(|\b(?:rollup\w*|label_(?:set|del|keep|copy|move|map|transform|value|match|mismatch)|(?:range|running)_\w+|histogram_over_time|median_over_time|share_\w+_over_time|tmin_over_time|tmax_over_time|increase_pure|union)\s*\(|[)\]}\w]\s+(?:default|ifnot|if)\s+[\d(a-z]/,
    'these are rules of VictoriaMetrics, whose expressions are MetricsQL: vmalert evaluates them, not Prometheus',
  ],
]

function nameLanguage(lines: readonly string[]): Dialect | undefined {
  for (const [sign, message] of LANGUAGES) {
    const index = lines.findIndex(
      line => sign.test(line) && !/^\s*(?:- )?(?:summary|description|message|title)\s*:/.test(line),
    )
    if (index >= 0) return { message, line: index + 1 }
  }
  return undefined
}

/** A line without its comment; a quoted text may hold a `#`, and a `{{` that is Prometheus' own. */
function withoutComment(line: string): string {
  return line.replace(/^(\s*)#.*$/, '$1').replace(/\s#.*$/, '')
}

function nameResource(fields: ReadonlyMap<string, string>): string | undefined {
  const group = (fields.get('apiVersion') ?? '').split('/')[0] ?? ''
  const kind = fields.get('kind') ?? ''
  const resource = RESOURCES.find(([of, kinds]) => of === group && (!kinds || kinds.includes(kind)))
  if (resource) return `this is ${article(kind)}${resource[2]}`
  return SHAPES.find(([names]) => names.every(name => fields.has(name)))?.[1]
}

function article(kind: string): string {
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** Fields that Grafana's own files have. */
const GRAFANA: Readonly<Record<string, readonly string[]>> = {
  'a group': ['orgId', 'folder', 'folderUid'],
  'a rule': [
    'uid',
    'condition',
    'data',
    'noDataState',
    'execErrState',
    'dashboardUid',
    'panelId',
    'isPaused',
    'grafana_alert',
  ],
}

/** API group, kinds if not all, and what to do. */
const RESOURCES: readonly (readonly [group: string, kinds: readonly string[] | undefined, what: string])[] = [
  ['operator.victoriametrics.com', undefined, ' of VictoriaMetrics: give its groups in a file of their own'],
  ['loki.grafana.com', undefined, ' of Loki, whose expressions are LogQL: give its groups in a file of their own'],
  ['v1', ['ConfigMap'], ': give the rule file that it was made from'],
  ['v1', ['Secret'], ': give the rule file that it was made from'],
  ['monitoring.googleapis.com', undefined, ' of Google Cloud: give its groups in a file of their own'],
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

/** The system that reads a field which Prometheus refuses; `undefined` when nobody is known to. */
export function foreignField(field: string): string | undefined {
  return Object.hasOwn(FOREIGN, field) ? FOREIGN[field] : undefined
}
