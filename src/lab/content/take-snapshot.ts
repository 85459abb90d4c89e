import { join } from 'node:path'
import type { LabSnapshot } from '../../lab-port/index.ts'
import { hasLabSources, readKeptContent, readLabContent } from './read-lab-content.ts'

/**
 * What the lab says of its faults and of what it deploys: now, from the sources of the handbook in `root` or from those beside the
 * bundles; and as it was when the bundles were built. Where no sources are, only that is known.
 */
export async function takeSnapshot(root: string, bundles: string): Promise<LabSnapshot | undefined> {
  const written = join(bundles, 'lab-content.json')
  const built = await readKeptContent(written)
  const sources = [root, join(bundles, '..')].find(hasLabSources)
  if (sources === undefined) return built && { now: built, built }
  const cache = join(root, '.handbook', 'cache', 'lab-content.json')
  const now = await readLabContent(sources, { read: [written, cache], write: cache })
  return { now, ...(built ? { built } : {}) }
}
