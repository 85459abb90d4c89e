import { editedMonitoring } from '../kit/edited-monitoring.ts'

/** It looks exactly like a service without incidents. */
export const noAlertRules = editedMonitoring({
  name: 'no-alert-rules',
  title: 'Prometheus has no rules',
  summary: 'The rule files are missing in the configuration of Prometheus',
  change: () => ({ rule_files: [] }),
})
