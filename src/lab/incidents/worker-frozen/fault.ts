import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** The worker runs, and neither delivers nor answers. */
export const workerFrozen: Fault = {
  name: 'worker-frozen',
  title: 'The worker hangs',
  summary: 'The worker is frozen by SIGSTOP: it runs, answers nobody, and uploads are taken, and not delivered',
  start: deployment => freeze(deployment, 'worker'),
  stop: deployment => thaw(deployment, 'worker'),
  isActive: deployment => findFrozen(deployment, 'worker') !== undefined,
}
