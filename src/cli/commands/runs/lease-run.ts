import type { Lease, PastHolder, RunStore } from '../../../journal/index.ts'
import type { Obstacle } from '../../../runner/index.ts'
import { describeActor } from '../../describe-actor.ts'
import { sayWhenSlow, WATCHING } from '../../say-when-slow.ts'

/** A run that nobody else resumes or rolls back meanwhile; `gone`: who held it before, and does not run it any more. */
export interface LeasedRun {
  readonly lease: Lease
  readonly gone: readonly PastHolder[]
}

/** Keeps others from resuming the same run at the same time. Says who does so, or runs it, if somebody does or may. */
export async function leaseRun(store: RunStore, run: string): Promise<LeasedRun | Obstacle> {
  const holder = { ...describeActor(), run, since: new Date().toISOString() }
  const claim = await sayWhenSlow(WATCHING, store.lease({ run }, holder))
  if (claim.held) return { lease: claim.lease, gone: claim.gone }
  if (claim.state === 'damaged')
    return {
      message: `Somebody may be running ${run}: its lock is damaged, ${claim.problem}`,
      hint: claim.look,
    }
  const { user, host, pid } = claim.holder
  const who = `${user}@${host}, process ${pid}`
  return claim.state === 'alive'
    ? { message: `Run ${run} is still running: ${who}`, hint: `Stop it first: handbook runs cancel ${run}` }
    : { message: `Run ${run} may still be running on ${host}: ${who}`, hint: claim.look }
}
