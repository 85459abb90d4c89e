import { basename } from 'node:path'
import { endLeftovers, type Obstacle, type RunHistory } from '../../../runner/index.ts'
import { removeScratch } from '../../scratch.ts'

/** Ends and removes what a run left whose runner is gone. Gives what stands in the way when something does not even end by SIGKILL. */
export async function clearLeftovers(folder: string, history: RunHistory): Promise<Obstacle | undefined> {
  const left = await endLeftovers(folder, history)
  if (left.length > 0) return { message: `Processes of the run do not end: ${left.join(', ')}` }
  removeScratch(basename(folder))
  return undefined
}
