import type { Fault } from '../../kit/fault.ts'

/** PostgreSQL does not listen. */
export const databaseDown: Fault = {
  name: 'database-down',
  title: 'The database is down',
  summary: 'PostgreSQL is stopped: connections to it are refused, and those that the service had are cut',
  start: deployment => deployment.stop('database'),
  stop: deployment => deployment.start('database'),
  isActive: deployment => deployment.pid('database') === undefined,
}
