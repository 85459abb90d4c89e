import { type Ledger, makeRunId, openLedger, openNoLedger } from '../runner/index.ts'
import { makeScratch } from './scratch.ts'

/** What a run needs from its first moment to its last. */
export interface OpenRun {
  readonly ledger: Ledger
  /** The folder for what blocks hand over. */
  readonly scratch: string
  readonly warnings: readonly string[]
}

/**
 * Opens a new run, or with `reopen` one that is gone on with. Warns of a run that cannot be recorded: it goes on all the same, for what
 * is full or broken may be what it repairs.
 */
export function openRun(runs: string, reopen?: () => Ledger): OpenRun {
  if (reopen) {
    const ledger = reopen()
    return { ledger, scratch: makeScratch(ledger.run), warnings: [] }
  }
  const now = () => new Date()
  const run = makeRunId(now())
  const scratch = makeScratch(run)
  try {
    return { ledger: openLedger(runs, run, now), scratch, warnings: [] }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ledger: openNoLedger(scratch, run, now), scratch, warnings: [`this run is not recorded: ${why}`] }
  }
}
