import type { Fault } from '../../kit/fault.ts'
import { killService } from '../../kit/stopped-service.ts'

/** Alertmanager is gone, so nobody is told of anything. */
export const alertmanagerKilled: Fault = {
  name: 'alertmanager-killed',
  title: 'Alertmanager is killed',
  summary: 'The kernel kills Alertmanager for want of memory: alerts fire in Prometheus, and nobody is told',
  start: deployment => killService(deployment, 'alertmanager'),
  stop: async deployment => {
    if (deployment.monitoring) await deployment.start('alertmanager')
  },
  isActive: ({ monitoring, pid }) => monitoring !== undefined && pid('alertmanager') === undefined,
}
