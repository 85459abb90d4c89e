import type { FaultDraft, Lab } from '../../lab-port/index.ts'
import type { Draft } from './templates.ts'

/** A file of a new incident, relative to the handbook's root. */
export interface IncidentFile {
  readonly path: string
  readonly text: string
}

/** What an incident has beside its page: its fault where the lab knows how one is written, its alert, and the test of that. */
export function writeIncident(
  { name, title, alert = '', file }: Draft,
  to: { readonly lab: Lab; readonly rules: string; readonly page: string },
): { readonly files: readonly IncidentFile[]; readonly next: readonly string[] } {
  const metric = `todo_${name.replaceAll('-', '_')}`
  const url = `${file.url.replace(/\/$/, '')}/${to.page.replace(/\.md$/, '')}`
  const rules = `${to.rules}/${name}.rules.yaml`
  const test = `${to.rules}/${name}.test.yaml`
  const fault: FaultDraft | undefined = to.lab.draftFault?.({ name, title })
  const what = { name, alert, metric, url, annotation: file.runbookAnnotation, summary: JSON.stringify(title) }
  return {
    files: [
      ...(fault ? [{ path: fault.path, text: fault.text }] : []),
      { path: rules, text: writeRule(what) },
      { path: test, text: writeRuleTest(what) },
    ],
    next: [
      fault
        ? `Bring the fault about in ${fault.path}: until then it fails`
        : `Let the lab bring about and undo the fault ${name}, and list it`,
      ...(fault?.next ?? []),
      `Ask for the real metric in place of ${metric}, in ${rules} and in its test: promtool test rules ${test}`,
    ],
  }
}

/** Names as they stand in the files; the summary is quoted. */
interface Named {
  readonly name: string
  readonly alert: string
  readonly metric: string
  readonly url: string
  /** The annotation that names the page. */
  readonly annotation: string
  readonly summary: string
}

function writeRule({ name, alert, metric, url, annotation, summary }: Named): string {
  return `groups:
  - name: ${name}
    rules:
      # TODO: what is asked for, and why it means that.
      - alert: ${alert}
        expr: ${metric} > 0
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: ${summary}
          description: "TODO: what whoever is paged must know first ({{ $value }})."
          ${annotation}: ${url}
`
}

function writeRuleTest({ name, alert, metric, url, annotation, summary }: Named): string {
  return `# Proves the durations of ${name}.rules.yaml:  promtool test rules ${name}.test.yaml

rule_files: [${name}.rules.yaml]
evaluation_interval: 1m

tests:
  - name: It fires after 5 minutes, and no longer when it is over
    interval: 1m
    input_series:
      # So from minute 10 to 19.
      - series: ${metric}{instance="a:8080"}
        values: 0x9 1x9 0x5
    alert_rule_test:
      - eval_time: 14m
        alertname: ${alert}
        exp_alerts: []
      - eval_time: 15m
        alertname: ${alert}
        exp_alerts:
          - exp_labels: { severity: warning, instance: "a:8080" }
            exp_annotations:
              summary: ${summary}
              description: "TODO: what whoever is paged must know first (1)."
              ${annotation}: ${url}
      - eval_time: 20m
        alertname: ${alert}
        exp_alerts: []
`
}
