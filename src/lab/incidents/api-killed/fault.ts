import type { Fault } from '../../kit/fault.ts'
import { killService } from '../../kit/stopped-service.ts'

/** The API is gone, and nothing starts it again. */
export const apiKilled: Fault = {
  name: 'api-killed',
  title: 'The API was killed',
  summary: 'The API is killed by SIGKILL and stays dead: connections to it are refused',
  start: deployment => killService(deployment, 'api'),
  stop: deployment => deployment.start('api'),
  isActive: deployment => deployment.pid('api') === undefined,
}
