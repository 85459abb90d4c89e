import { judgeActor } from '../lease.ts'
import type { LaterRevert, UnrevertedRun } from '../unreverted.ts'
import type { RunChanges } from './read-changes.ts'

/** Which runs' changes are asked for: those of an environment, and of one deployment where several come after each other. */
export interface ChangedPlace {
  readonly environment?: string | undefined
  readonly deployment?: string | undefined
}

/** The runs that left changes unreverted, newest first. A deployment that is not known is taken for the one that is asked for. */
export function findUnrevertedRuns(all: readonly RunChanges[], place: ChangedPlace = {}): UnrevertedRun[] {
  const reverting = all.filter(({ passed }) => passed.length > 0)
  return all
    .filter(one => isIn(place, one) && (one.unknown !== undefined || mayBeLeft(one)))
    .flatMap(one => findLeft(one, new Set(reverting.flatMap(other => listPassed(one, other)))))
    .toSorted((a, b) => (a.started < b.started ? 1 : a.started > b.started ? -1 : 0))
}

/** What later runs may have undone of a run: steps that undo something and passed, in its roll backs or in later runs of its page. */
export function findLaterReverts(all: readonly RunChanges[], run: string): LaterRevert[] {
  const one = all.find(other => other.run === run)
  if (!one) return []
  return all.flatMap(other =>
    listPassed(one, other).map(step => ({ run: other.run, step, rollsBack: other.rollsBack === run })),
  )
}

function mayBeLeft({ rollsBack, standing, cures }: RunChanges): boolean {
  return rollsBack === undefined && standing.length + cures.length > 0
}

function isIn({ environment, deployment }: ChangedPlace, one: RunChanges): boolean {
  // It is not known where a run was of which nothing can be read.
  if (one.environment === '') return true
  if (environment !== undefined && one.environment !== environment) return false
  return deployment === undefined || one.deployment === undefined || one.deployment === deployment
}

/** The steps that passed in a roll back of a run, or in another run of its page in its environment, that began after the run's end. */
function listPassed(one: RunChanges, other: RunChanges): readonly string[] {
  if (other.run === one.run || other.passed.length === 0) return []
  const same = other.procedure === one.procedure && other.environment === one.environment
  return (other.rollsBack === one.run || same) && isAfter(one, other) ? other.passed : []
}

/**
 * Whether another run began after the end of a run, which may have been resumed since. What each found of the other when it began
 * tells, whatever their clocks said. Times count only where neither found anything.
 */
function isAfter({ run, began, ended, after, started, finished = started }: RunChanges, other: RunChanges): boolean {
  const found = other.after?.[run]
  if (after?.[other.run] !== undefined) return false
  if (found === undefined || began === undefined) return other.started >= finished
  if (found < began) return false
  // Nobody rolls back a run that is under way.
  return other.rollsBack === run || ended === undefined || found >= ended || other.started >= finished
}

function findLeft(one: RunChanges, passed: ReadonlySet<string>): UnrevertedRun[] {
  const { run, procedure, title, environment, deployment, started, finished, by, unknown } = one
  const interrupted = finished === undefined
  if (interrupted && by && judgeActor(by) === 'alive') return []
  const isLeft = ({ undoneBy }: { readonly undoneBy?: string }) => undoneBy === undefined || !passed.has(undoneBy)
  const standing = one.standing.filter(isLeft)
  const cures = one.cures.filter(isLeft)
  if (standing.length === 0 && cures.length === 0 && unknown === undefined) return []
  const where = deployment === undefined ? { environment } : { environment, deployment }
  const left = one.rollsBack === undefined ? { standing, cures } : { standing: [], cures: [] }
  return [
    { run, procedure, title, ...where, started, ...left, interrupted, ...(unknown === undefined ? {} : { unknown }) },
  ]
}
