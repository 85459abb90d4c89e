import { listPartials, listUnacknowledged, type PartialUpload, readPartial } from './partials.ts'
import { finishRemoval, removePartial } from './remove-partial.ts'

/** What to purge. */
export interface PurgeRequest {
  /** Milliseconds since the last byte was written. */
  readonly olderThan: number
  readonly dryRun: boolean
  readonly now: Date
}

/** Removes partial uploads that nobody has written to for a while; returns those removed. Needs no database. */
export async function purgePartials(folder: string, request: PurgeRequest): Promise<readonly PartialUpload[]> {
  const limit = request.now.getTime() - request.olderThan
  const stale = (await listPartials(folder)).filter(partial => partial.lastWritten.getTime() <= limit)
  if (request.dryRun) return stale
  const purged: PartialUpload[] = []
  for (const { id } of stale) {
    const current = await readPartial(folder, id)
    if (current === undefined || current.lastWritten.getTime() > limit) continue
    if (await removePartial(folder, id)) purged.push(current)
  }
  const { purging } = await listUnacknowledged(folder)
  for (const id of purging) await finishRemoval(folder, id)
  return purged
}
