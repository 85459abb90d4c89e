import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** Alertmanager runs, and sends nothing to anybody. */
export const alertmanagerFrozen: Fault = {
  name: 'alertmanager-frozen',
  title: 'Alertmanager hangs',
  summary: 'Alertmanager is frozen by SIGSTOP: alerts fire in Prometheus, and nobody is told',
  start: deployment => freeze(deployment, 'alertmanager'),
  stop: async deployment => {
    if (deployment.monitoring) await thaw(deployment, 'alertmanager')
  },
  isActive: deployment => findFrozen(deployment, 'alertmanager') !== undefined,
}
