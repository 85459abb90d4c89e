import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAllDocuments, parse as parseYaml } from 'yaml'

interface Rule {
  record?: string
  alert?: string
  expr: string
  for?: string
  labels?: Record<string, string>
}
interface Condition {
  spec: { severity: string; condition: { threshold: number; lookbackWindow: string; alertAfter: string } }
}

const read = (name: string) => readFileSync(`static/monitoring/${name}`, 'utf8')
const objects = parseAllDocuments(read('upload-bridge.openslo.yaml')).map(document => document.toJS())
const rules: Rule[] = parseYaml(read('upload-bridge.rules.yaml')).groups.flatMap(
  ({ rules }: { rules: Rule[] }) => rules,
)
const named = (kind: string, name: string) =>
  objects.find(object => object.kind === kind && object.metadata.name === name)
const slo = named('SLO', 'uploads-succeed')
const [{ target }] = slo.spec.objectives

test.each<string>(slo.spec.alertPolicies)('the policy %s is the alert rule of its window', name => {
  const policy = named('AlertPolicy', name)
  const [{ spec }]: [Condition] = policy.spec.conditions
  const { threshold, lookbackWindow, alertAfter } = spec.condition
  const found = rules.filter(
    ({ alert, labels }) => alert === policy.metadata.displayName && labels?.window === lookbackWindow,
  )
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ for: alertAfter, labels: { severity: spec.severity } })
  const allowed = Number((1 - target).toFixed(6))
  expect(found[0]?.expr).toContain(`ratio_rate${lookbackWindow} > ${threshold} * ${allowed}`)
  const [{ targetRef }] = policy.spec.notificationTargets
  const receivers: string[] = parseYaml(read('alertmanager.yaml')).receivers.map(
    (receiver: { name: string }) => receiver.name,
  )
  expect(receivers).toContain(named('AlertNotificationTarget', targetRef).spec.target)
})

test('no rule that watches the objective is left out', () => {
  const windows = slo.spec.alertPolicies.map(
    (name: string) => named('AlertPolicy', name).spec.conditions[0].spec.condition.lookbackWindow,
  )
  const burning = rules
    .filter(({ alert }) => alert === 'UploadBridgeErrorBudgetBurn')
    .map(({ labels }) => labels?.window)
  expect(burning.sort()).toEqual(windows.sort())
})

test('what counts as bad and in all is what the recorded ratio is made of', () => {
  const { bad, total } = slo.spec.indicator.spec.ratioMetric
  const ratio = rules.find(({ record }) => record === 'version:upload_bridge_upload_errors:ratio_rate1h')?.expr ?? ''
  const byVersion = (query: string) => query.replace('sum(', 'sum by (version) (')
  expect(ratio.replace(/\s+/g, ' ').trim()).toBe(
    `${byVersion(bad.metricSource.spec.query)} / ${byVersion(total.metricSource.spec.query)}`,
  )
})
