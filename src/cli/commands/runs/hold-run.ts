import { join } from 'node:path'
import { claimLock, type Obstacle } from '../../../runner/index.ts'
import { describeActor } from '../../describe-actor.ts'

/** Keeps others from going on with the same run at the same time. Says who does so, if somebody does. */
export function holdRun(folder: string, run: string): { release(): void } | Obstacle {
  const holder = { ...describeActor(), run, since: new Date().toISOString() }
  const claim = claimLock(join(folder, 'lock'), holder)
  if (claim.held) return claim
  const { user, host, pid } = claim.holder
  return { message: `${user}@${host}, process ${pid}, is going on with run ${run} already` }
}
