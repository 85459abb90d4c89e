import { join } from 'node:path'
import type { LabContent } from '../journal/index.ts'
import { hasLabSources, readKeptContent, readLabContent } from '../lab/index.ts'
import { UsageError } from '../operate/index.ts'
import { BUNDLES, PACKAGE } from './paths.ts'

/** What was written down of the lab's sources when these bundles were built from them. */
const BUILT = join(BUNDLES, 'lab-content.json')

/**
 * What the lab says now of its faults and of what it deploys: from the handbook's own sources, from those of this package, or, where
 * neither are, as it was built.
 */
export async function openLabContent(root: string): Promise<LabContent | undefined> {
  const sources = [root, PACKAGE].find(hasLabSources)
  if (sources === undefined) return readKeptContent(BUILT)
  const cache = join(root, '.handbook', 'cache', 'lab-content.json')
  return readLabContent(sources, { read: [BUILT, cache], write: cache })
}

/**
 * The same, for a proof by these faults or mutations that is to be made with these bundles. Throws a `UsageError` when a source cannot
 * be read, or when the bundles are not of these sources: what runs would not be what the proof says.
 */
export async function openProvableContent(root: string, names: readonly string[]): Promise<LabContent | undefined> {
  const [now, built] = await Promise.all([openLabContent(root), readKeptContent(BUILT)])
  if (!now) return undefined
  const [problem] = now.problems
  if (problem)
    throw new UsageError(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`, 'Put it back')
  const partsOf = (content: LabContent | undefined) =>
    JSON.stringify([content?.workload, content?.shipped, names.map(name => content?.faults[name]?.hash)])
  if (partsOf(now) !== partsOf(built))
    throw new UsageError('The bundles in dist/ are not of the sources as they are now', 'Build them: npm run build:cli')
  return now
}
