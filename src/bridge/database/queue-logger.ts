import { Logger as QueueLogger } from 'graphile-worker'
import type { Logger } from 'pino'

/** Lets graphile-worker write to our log; its news of single jobs is debugging to us. */
export function createQueueLogger(log: Logger): QueueLogger {
  return new QueueLogger(scope => (level, message) => {
    const fields = { queue: scope }
    switch (`${level}`) {
      case 'error':
        return log.error(fields, message)
      case 'warning':
        return log.warn(fields, message)
      default:
        return log.debug(fields, message)
    }
  })
}
