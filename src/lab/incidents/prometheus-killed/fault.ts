import type { Fault } from '../../kit/fault.ts'
import { killService } from '../../kit/stopped-service.ts'

/** Prometheus is gone, so no alert fires. */
export const prometheusKilled: Fault = {
  name: 'prometheus-killed',
  title: 'Prometheus is killed',
  summary: 'The kernel kills Prometheus for want of memory: nothing is measured, and no alert fires',
  start: deployment => killService(deployment, 'prometheus'),
  stop: async deployment => {
    if (deployment.monitoring) await deployment.start('prometheus')
  },
  isActive: ({ monitoring, pid }) => monitoring !== undefined && pid('prometheus') === undefined,
}
