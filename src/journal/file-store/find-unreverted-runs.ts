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

/**
 * The steps that passed in a roll back of a run, or in another run of its page in its environment. That must have begun after the run's
 * end, because the run may have been resumed since.
 */
function listPassed(
  { run, procedure, environment, started: begun, finished = begun }: RunChanges,
  other: RunChanges,
): readonly string[] {
  const same = other.procedure === procedure && other.environment === environment
  return other.run !== run && (other.rollsBack === run || same) && other.started >= finished ? other.passed : []
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
