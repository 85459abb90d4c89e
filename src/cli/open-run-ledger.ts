import { mkdtempSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, makeRunId, openLedger, openNoLedger } from '../runner/index.ts'

/** Where a run is recorded, and a warning when it cannot be: it goes on all the same, for what is full or broken may be what it repairs. */
export function openRunLedger(runs: string, scratch: string): { readonly ledger: Ledger; readonly warnings: string[] } {
  const now = () => new Date()
  const run = makeRunId(now())
  try {
    return { ledger: openLedger(runs, run, now), warnings: [] }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ledger: openNoLedger(scratch, run, now), warnings: [`this run is not recorded: ${why}`] }
  }
}

/** A new folder for what blocks hand over, wherever one can be made. Throws when nowhere can. */
export function makeScratch(): string {
  for (const folder of [tmpdir(), '/dev/shm', '/var/tmp', homedir()]) {
    try {
      return mkdtempSync(join(folder, 'handbook-run-'))
    } catch {
      // Full or read-only: the next one.
    }
  }
  return mkdtempSync(join(process.cwd(), '.handbook-run-'))
}
