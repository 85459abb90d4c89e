import { askFiring, queryPrometheus } from '../../alerts/index.ts'
import { describeFailure, formatDuration } from '../../base/index.ts'
import type { Environment } from '../../environments/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** Milliseconds that Prometheus and Alertmanager get to answer. */
const PATIENCE = 2000
/** Seconds by which clocks may differ before somebody should know. */
const DRIFT = 5

/** Whether Prometheus answers, and whether its clock is ours. */
export async function askPrometheus({ prometheusUrl }: Environment): Promise<Finding[]> {
  if (prometheusUrl === undefined) return [{ topic: 'Prometheus', state: 'unknown', says: 'none is named here' }]
  try {
    const [sample] = await queryPrometheus(prometheusUrl, 'time()', AbortSignal.timeout(PATIENCE))
    const drift = (sample?.value ?? Number.NaN) - Date.now() / 1000
    const clock =
      Math.abs(drift) > DRIFT
        ? [
            note(
              'clock',
              `the clocks of this machine and of Prometheus differ by ${formatDuration(Math.abs(drift) * 1000)}`,
              'Look at both with: timedatectl',
            ),
          ]
        : []
    return [good('Prometheus', 'answers'), ...clock]
  } catch (error) {
    return [bad('Prometheus', describeFailure(error), `Is it up? Its address is prometheusUrl in handbook.yaml`)]
  }
}

/** Whether Alertmanager answers, and whether an alert of the page fires. */
export async function askAlertmanager(
  { alertmanagerUrl, deadMansSwitch }: Environment,
  procedure: Procedure | undefined,
): Promise<Finding[]> {
  const answer = await askFiring(alertmanagerUrl, {}, AbortSignal.timeout(PATIENCE))
  if (answer.asked === 'nobody') return [{ topic: 'Alertmanager', state: 'unknown', says: 'none is named here' }]
  if (answer.asked === 'no-answer')
    return [bad('Alertmanager', answer.why, 'Is it up? Its address is alertmanagerUrl in handbook.yaml')]
  // One that always fires says nothing by it.
  const alerts = procedure?.alerts.filter(name => name !== deadMansSwitch?.alert) ?? []
  const mine = answer.firing.filter(({ name }) => alerts.includes(name))
  const fires =
    alerts.length > 0
      ? `; ${mine.length === 0 ? 'no alert of this page fires' : `${[...new Set(mine.map(({ name }) => name))].join(', ')} fires`}`
      : ''
  return [good('Alertmanager', `answers${fires}`)]
}

/** Whether a run of a page asks Prometheus or Alertmanager: a runbook does, and what answers alerts, and blocks that name one. */
export function asksMonitoring({ kind, alerts, phases }: Procedure): boolean {
  const blocks = phases.flatMap(({ steps }) => steps.map(({ block }) => block.code))
  return kind === 'runbook' || alerts.length > 0 || blocks.some(code => /\bprom\(|prometheus|alertmanager/i.test(code))
}

/** What does not keep a page from running that does not ask it. */
export function sparePage(finding: Finding): Finding {
  return finding.state === 'bad'
    ? note(finding.topic, `${finding.says}; this page does not ask it`, finding.hint)
    : finding
}
