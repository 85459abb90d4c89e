import { type Param, type ParamValue, parseParam } from '../procedure/index.ts'

/** Parameters that an alert's labels fill (`label:`), when a run was asked for by the alert's name and that alert fires. */
export async function fillFromAlert(
  params: readonly Param[],
  alert: string | undefined,
  alertmanagerUrl: string | undefined,
): Promise<{ readonly values: Record<string, ParamValue>; readonly warnings: readonly string[] }> {
  const values: Record<string, ParamValue> = {}
  const labelled = params.filter(({ label }) => label !== undefined)
  if (alert === undefined || alertmanagerUrl === undefined || labelled.length === 0) return { values, warnings: [] }
  const { askFiring } = await import('../alerts/index.ts')
  const answer = await askFiring(alertmanagerUrl, { alertname: alert })
  if (answer.asked !== 'answered')
    return { values, warnings: [`Alertmanager does not answer: no parameter is filled from ${alert}`] }
  const { firing } = answer
  const [first] = firing
  const warnings: string[] = []
  if (first?.quiet !== undefined) warnings.push(`${alert} fires, and is ${first.quiet}`)
  if (first && firing.length > 1) warnings.push(`${alert} fires ${firing.length} times: its labels are the first one's`)
  for (const param of labelled) {
    const text = first?.labels[param.label ?? '']
    if (text === undefined) continue
    const result = parseParam(param, param.type === 'host' ? withoutPort(text) : text)
    if ('value' in result) values[param.name] = result.value
    else warnings.push(`the label ${param.label} of ${alert} is ${text}, and ${param.name} expects ${result.expected}`)
  }
  return { values, warnings }
}

/** An `instance` label says where a target is scraped, `db-1:9187` or `[::1]:9187`. */
function withoutPort(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
