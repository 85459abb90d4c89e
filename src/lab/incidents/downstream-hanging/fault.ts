import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** The downstream takes connections and never answers. */
export const downstreamHanging: Fault = {
  name: 'downstream-hanging',
  title: 'The downstream hangs',
  summary: 'The downstream is frozen by SIGSTOP: it takes connections and never answers',
  start: deployment => freeze(deployment, 'downstream'),
  stop: deployment => thaw(deployment, 'downstream'),
  isActive: deployment => findFrozen(deployment, 'downstream') !== undefined,
}
