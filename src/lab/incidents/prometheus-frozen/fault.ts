import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** Prometheus runs, measures nothing, and no alert fires. */
export const prometheusFrozen: Fault = {
  name: 'prometheus-frozen',
  title: 'Prometheus hangs',
  summary:
    'Prometheus is frozen by SIGSTOP: it takes connections and never answers, nothing is measured, and no alert fires',
  start: deployment => freeze(deployment, 'prometheus'),
  stop: async deployment => {
    if (deployment.monitoring) await thaw(deployment, 'prometheus')
  },
  isActive: deployment => findFrozen(deployment, 'prometheus') !== undefined,
}
