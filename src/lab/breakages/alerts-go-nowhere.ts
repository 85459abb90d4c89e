import { editedMonitoring } from '../kit/edited-monitoring.ts'

/** Alerts fire, and nobody is told. */
export const alertsGoNowhere = editedMonitoring({
  name: 'alerts-go-nowhere',
  title: 'Prometheus knows no Alertmanager',
  summary: 'The Alertmanager is missing in the configuration of Prometheus',
  change: () => ({ alerting: { alertmanagers: [] } }),
})
