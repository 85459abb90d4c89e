/** The fields that Prometheus reads, of a file, a group and a rule; those of `since3` came with Prometheus 3. */
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

/** What is to be said of a field of a rule file, a group or a rule; nothing of one that Prometheus reads. */
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
