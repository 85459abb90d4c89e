import { listChanges, type RunStore, type UnrevertedChange, type UnrevertedRun } from '../../journal/index.ts'
import { guess, UsageError } from '../errors.ts'
import { openHandbook } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { findStoreAround } from './find-run.ts'

/** What the runs of an environment changed and nobody has reverted; those of the newest run first. */
export async function listUnreverted(
  store: RunStore,
  environment: string,
  deployment?: string,
): Promise<readonly UnrevertedChange[]> {
  return listChanges(await store.unreverted(environment, deployment))
}

/** A change, and where it was made. */
export interface PlacedChange extends UnrevertedChange {
  readonly environment: string
}

/**
 * The same of one environment or of all, for the handbook around a folder. What a lab left that is gone is none of them. Throws a
 * `UsageError` for an environment that there is not.
 */
export async function listUnrevertedAround(
  environment: string | undefined,
  ports: Pick<Ports, 'cwd' | 'env' | 'practice'>,
): Promise<readonly PlacedChange[]> {
  const store = await findStoreAround(ports)
  const runs = await store.unreverted(environment)
  if (environment !== undefined && runs.every(run => run.environment !== environment)) {
    const known = Object.keys((await openHandbook(ports.cwd))?.file.environments ?? {})
    if (known.length > 0 && !known.includes(environment))
      throw new UsageError(`handbook.yaml has no environment ${environment}`, guess(environment, known))
  }
  const there = await dropGone(runs, ports)
  return there.flatMap(run => listChanges([run]).map(change => ({ ...change, environment: run.environment })))
}

/** Leaves out the runs in a lab that is gone: their changes went with it. A lab that cannot be asked is taken for there. */
async function dropGone(
  runs: readonly UnrevertedRun[],
  { cwd, practice }: Pick<Ports, 'cwd' | 'practice'>,
): Promise<readonly UnrevertedRun[]> {
  if (runs.every(({ deployment }) => deployment === undefined)) return runs
  try {
    const handbook = await openHandbook(cwd)
    if (!handbook) return runs
    const lab = await practice.connect(handbook)
    return runs.filter(({ deployment }) => deployment === undefined || deployment === lab?.deployment)
  } catch {
    return runs
  }
}
