import { type Alert, listAlerts } from '../../src/alerts/index.ts'

/** The alerts in a lab's Alertmanager, without the one that always fires. */
export async function listRealAlerts(url = ''): Promise<readonly Alert[]> {
  return (await listAlerts(url)).filter(({ labels }) => labels.alertname !== 'Watchdog')
}
