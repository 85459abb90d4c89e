import type { Handbook } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
import { findInHandbookFile } from '../handbook/index.ts'
import type { LabContent } from '../journal/index.ts'
import type { Lab } from '../lab-port/index.ts'
import type { LabFacts } from './check-pages.ts'
import { findNearest, listKnown, UsageError } from './errors.ts'

/** A handbook, as far as its lab goes. */
type Named = Pick<Handbook, 'root' | 'file'>

const NONE = 'There is no practice deployment for this handbook'

/**
 * The practice deployment that a handbook names. Throws a `UsageError` when it names none, or one that lacks what its pages may use: it
 * is none to practise another service's pages on.
 */
export async function demandLab(handbook: Named): Promise<Lab> {
  const lab = await openNamedLab(handbook)
  if (!lab) {
    throw new UsageError(
      `${NONE}: its handbook.yaml names no lab`,
      'Name one there, lab: { module: ./lab.mjs } or lab: { commands: … }; or say where to run a page: --env NAME',
    )
  }
  const { findMismatch } = await import('../lab-port/index.ts')
  const mismatch = findMismatch(handbook.file, lab)
  if (mismatch === undefined) return lab
  throw new UsageError(`${NONE}: ${mismatch}`, 'Say where to run a page instead: handbook run PAGE --env NAME')
}

/** The lab that a handbook names, if it names one. Throws a `UsageError` when what it names is no lab. */
async function openNamedLab(handbook: Named): Promise<Lab | undefined> {
  // Loaded when a lab is asked for: the first step of a run waits for all that is loaded before.
  const { LabError, openLab } = await import('../lab-port/index.ts')
  try {
    return await openLab(handbook)
  } catch (error) {
    throw error instanceof LabError ? new UsageError(error.message, 'handbook.yaml names it under lab') : error
  }
}

/** Throws a `UsageError` unless a lab can break in this way; it names the nearest way in which it can. */
export function demandFault(lab: Lab, name: string): void {
  if (!lab.faults || listEveryFault(lab).includes(name)) return
  throw new UsageError(`There is no fault ${name}`, describeFaults(lab, name))
}

/** What may have been meant, and the faults that there are; mutations, of which there may be a hundred, are not listed. */
export function describeFaults(lab: Lab, name: string): string {
  const nearest = findNearest(name, listEveryFault(lab))
  const known = (lab.faults ?? []).map(fault => fault.name)
  if (known.length === 0) return nearest === undefined ? 'This lab has no faults' : `Did you mean ${nearest}?`
  return listKnown(nearest, known)
}

/** The names of everything that breaks a deployment: faults, and mutations. */
export function listEveryFault({ faults, mutations }: Lab): string[] {
  return [...(faults ?? []), ...mutations].map(({ name }) => name)
}

/** Everything that can be broken to prove a check, by name; nothing where no lab is. */
export function listBreakable(lab: Lab | undefined): string[] {
  return lab ? [...listEveryFault(lab), ...lab.workspaceMutations.map(({ name }) => name)] : []
}

/**
 * What a lab says now of its faults and of what it deploys, for a new proof by these faults or mutations. Throws a `UsageError` when a
 * source cannot be read. Also when what would run was built from other sources: it would not be what the proof says.
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

/** What the lab that a handbook names says of itself; a lab that cannot be loaded is a problem of `handbook.yaml`. */
export async function askLab(handbook: Handbook): Promise<LabFacts> {
  try {
    const lab = await openNamedLab(handbook)
    return {
      faults: lab ? lab.faults?.map(({ name }) => name) : [],
      mutations: listBreakable(lab),
      readLab: async () => (await lab?.snapshot(handbook.root))?.now,
      problems: [],
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const place = await findInHandbookFile(handbook.root, ['lab', 'module'])
    const { message } = error
    return {
      faults: [],
      mutations: [],
      problems: [{ file: HANDBOOK_FILE, ...place, rule: 'handbook-file', severity: 'error', message }],
    }
  }
}
