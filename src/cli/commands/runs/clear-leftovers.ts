import type { RunHistory, RunStore } from '../../../journal/index.ts'
import { endLeftovers, type Obstacle } from '../../../runner/index.ts'
import { removeScratch } from '../../scratch.ts'

/** Ends and removes what a run left whose runner is gone. Gives what stands in the way when something does not even end by SIGKILL. */
export async function clearLeftovers(store: RunStore, history: RunHistory): Promise<Obstacle | undefined> {
  const left = await endLeftovers(store, history)
  if (left.length > 0) return { message: `Processes of the run do not end: ${left.join(', ')}` }
  removeScratch(history.started.run)
  return undefined
}
