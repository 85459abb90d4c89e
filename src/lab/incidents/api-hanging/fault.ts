import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** The API runs, takes connections and never answers. */
export const apiHanging: Fault = {
  name: 'api-hanging',
  title: 'The API hangs',
  summary: 'The API is frozen by SIGSTOP: it runs, takes connections and never answers',
  start: deployment => freeze(deployment, 'api'),
  stop: deployment => thaw(deployment, 'api'),
  isActive: deployment => findFrozen(deployment, 'api') !== undefined,
}
