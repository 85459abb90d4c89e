import { finishRemoval, removePartial } from './bytes.ts'
import { listPartials, listUnacknowledged, type PartialUpload, readPartial } from './partials.ts'

/** Which partial uploads to purge. */
interface PurgeRequest {
  /** Milliseconds since the last byte was written. */
  readonly olderThan: number
  /** No others than these; all when it is undefined. */
  readonly only?: readonly string[] | undefined
  readonly dryRun: boolean
  readonly now: Date
}

/** What became of a purge. */
interface Purge {
  readonly purged: readonly PartialUpload[]
  /** Those of `only` that stay, because they are not what was asked for any more. */
  readonly left: readonly LeftUpload[]
}

interface LeftUpload {
  readonly id: string
  readonly reason: 'not partial' | 'written to lately'
}

/** Removes partial uploads that nobody has written to for a while. Needs no database. */
export async function purgePartials(folder: string, request: PurgeRequest): Promise<Purge> {
  const { olderThan, only, dryRun, now } = request
  const limit = now.getTime() - olderThan
  const purged: PartialUpload[] = []
  const left: LeftUpload[] = []
  for (const id of new Set(only ?? (await listStale(folder, limit)))) {
    // Listing takes a while, so each is looked at once more.
    const current = await readPartial(folder, id)
    if (current === undefined) left.push({ id, reason: 'not partial' })
    else if (current.lastWritten.getTime() > limit) left.push({ id, reason: 'written to lately' })
    else if (dryRun || (await removePartial(folder, id))) purged.push(current)
    else left.push({ id, reason: 'not partial' })
  }
  if (!dryRun) await finishRemovals(folder, only)
  return { purged, left: only === undefined ? [] : left }
}

async function listStale(folder: string, limit: number): Promise<readonly string[]> {
  return (await listPartials(folder)).filter(({ lastWritten }) => lastWritten.getTime() <= limit).map(({ id }) => id)
}

// A purge that was killed half-way.
async function finishRemovals(folder: string, only: readonly string[] | undefined): Promise<void> {
  const { purging } = await listUnacknowledged(folder)
  for (const id of purging) if (only?.includes(id) !== false) await finishRemoval(folder, id)
}
