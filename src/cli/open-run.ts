import { makeRunId, openUnrecordedRun, type RunStore, type RunWriter } from '../journal/index.ts'
import { describeActor } from './describe-actor.ts'
import { makeScratch } from './scratch.ts'

/** What a run needs from its first moment to its last. */
export interface OpenRun {
  readonly writer: RunWriter
  /** The folder for what blocks hand over. */
  readonly scratch: string
  readonly warnings: readonly string[]
}

/**
 * Opens a new run, or with `resumed` one that is resumed. Warns of a run that cannot be recorded: it goes on all the same, for what is
 * full or broken may be what it repairs.
 */
export async function openRun(store: RunStore, resumed?: string): Promise<OpenRun> {
  if (resumed !== undefined) {
    const writer = await store.reopen(resumed)
    return { writer, scratch: makeScratch(resumed), warnings: [] }
  }
  const now = () => new Date()
  const run = makeRunId(now())
  const scratch = makeScratch(run)
  try {
    return { writer: await store.begin(run, describeActor()), scratch, warnings: [] }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { writer: openUnrecordedRun(scratch, run, now), scratch, warnings: [`this run is not recorded: ${why}`] }
  }
}
