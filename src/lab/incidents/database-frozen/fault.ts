import type { Fault } from '../../kit/fault.ts'
import { findFrozenTree, freezeTree, thawTree } from '../../kit/frozen-tree.ts'

/** PostgreSQL and all its sessions are stopped, as by a debugger or a paused machine: it listens, and answers nobody. */
export const databaseFrozen: Fault = {
  name: 'database-frozen',
  title: 'The database is frozen',
  summary: 'PostgreSQL and its sessions are frozen by SIGSTOP: connections are taken, and nothing is answered',
  start: deployment => freezeTree(deployment, 'database'),
  stop: deployment => thawTree(deployment, 'database'),
  isActive: deployment => findFrozenTree(deployment, 'database').length > 0,
}
