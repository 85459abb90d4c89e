import { parseDuration } from '../../base/index.ts'
import type { PruneResult } from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { findStoreAround } from './find-run.ts'

/** Which runs to prune. */
export interface PruneRunsOptions {
  /** How long ago they ended at least, such as `30d`. */
  readonly olderThan: string | undefined
  /** Whether they are only named. */
  readonly dryRun: boolean
}

/**
 * Removes old runs that are over and left nothing unreverted, and says which stay and why. Throws a `UsageError` without an age, and a
 * `RefusedError` when they cannot be removed.
 */
export async function pruneRecordedRuns(
  { olderThan, dryRun }: PruneRunsOptions,
  ports: Pick<Ports, 'cwd' | 'env' | 'by'>,
): Promise<PruneResult> {
  const age = parseDuration(olderThan ?? '')
  if (age === undefined)
    throw new UsageError(
      olderThan === undefined ? 'Say how old runs must be to go' : `--older-than ${olderThan} is no duration`,
      'For example: handbook runs prune --older-than 30d --dry-run',
    )
  const store = await findStoreAround(ports)
  const now = new Date()
  try {
    return await store.prune({ before: new Date(Math.max(0, now.getTime() - age)), by: ports.by, now, dryRun })
  } catch (error) {
    throw new RefusedError(
      `Not all runs could be pruned: ${error instanceof Error ? error.message : error}`,
      'What was pruned has a tombstone, and the rest is as it was: run it again',
    )
  }
}
