import type { LabContent } from '../journal/index.ts'
import type { Lab } from '../lab-port/index.ts'
import { UsageError } from '../operate/index.ts'

/** What a lab says now of its faults and of what it deploys; nothing where there is none, or where nobody can know. */
export async function openLabContent(root: string, lab: Lab | undefined): Promise<LabContent | undefined> {
  return (await lab?.snapshot(root))?.now
}

/**
 * The same, for a proof by these faults or mutations that is to be made. Throws a `UsageError` when a source cannot be read, or when
 * what would run was built from other sources: it would not be what the proof says.
 */
export async function openProvableContent(
  root: string,
  lab: Lab,
  names: readonly string[],
): Promise<LabContent | undefined> {
  const { now, built } = (await lab.snapshot(root)) ?? {}
  if (!now) return undefined
  const [problem] = now.problems
  if (problem)
    throw new UsageError(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`, 'Put it back')
  const partsOf = (content: LabContent) =>
    JSON.stringify([content.workload, content.shipped, names.map(name => content.faults[name]?.hash)])
  if (built && partsOf(now) !== partsOf(built))
    throw new UsageError('The bundles in dist/ are not of the sources as they are now', 'Build them: npm run build:cli')
  return now
}
