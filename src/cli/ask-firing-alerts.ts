/** The names of the alerts that fire now, `unknown` when Alertmanager does not answer, `none` when there is none to ask. */
export async function askFiringAlerts(url: string | undefined): Promise<readonly string[] | 'unknown' | 'none'> {
  if (url === undefined) return 'none'
  const { listAlerts } = await import('../alerts/index.ts')
  try {
    const alerts = await listAlerts(url)
    return alerts.filter(({ state }) => state === 'active').map(({ labels }) => labels.alertname ?? '')
  } catch {
    return 'unknown'
  }
}
