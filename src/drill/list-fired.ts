import { queryPrometheus } from '../alerts/index.ts'
import type { LabStatus } from '../lab-port/index.ts'

/**
 * The names of the alerts that fired in the last seconds, sorted; that which always fires is left out. Nothing when Prometheus cannot be
 * asked: then nobody knows.
 */
export async function listFired(
  { prometheusUrl, deadMansSwitch }: Pick<LabStatus, 'prometheusUrl' | 'deadMansSwitch'>,
  seconds: number,
  stop: AbortSignal,
): Promise<string[] | undefined> {
  if (prometheusUrl === undefined) return undefined
  const time = `${Math.max(1, Math.ceil(seconds))}s`
  const expression = `group by (alertname) (present_over_time(ALERTS{alertstate="firing"}[${time}]))`
  const samples = await queryPrometheus(
    prometheusUrl,
    expression,
    AbortSignal.any([stop, AbortSignal.timeout(10_000)]),
  ).catch(() => undefined)
  return samples
    ?.flatMap(({ labels: { alertname } }) => alertname ?? [])
    .filter(name => name !== deadMansSwitch?.alert)
    .sort()
}
