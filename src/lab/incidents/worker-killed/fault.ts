import type { Fault } from '../../kit/fault.ts'
import { killService } from '../../kit/stopped-service.ts'

/** The worker is gone, and nothing starts it again. */
export const workerKilled: Fault = {
  name: 'worker-killed',
  title: 'The worker was killed',
  summary: 'The worker is killed by SIGKILL and stays dead: uploads are taken, and not delivered',
  start: deployment => killService(deployment, 'worker'),
  stop: deployment => deployment.start('worker'),
  isActive: deployment => deployment.pid('worker') === undefined,
}
