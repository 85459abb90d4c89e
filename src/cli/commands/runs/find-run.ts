import { join } from 'node:path'
import { findHandbookRoot } from '../../../handbook/index.ts'
import { type LedgerContent, readLedger } from '../../../runner/index.ts'
import { findRunsFolder } from '../../paths.ts'
import { UsageError } from '../../usage-error.ts'

/** Where the runs of the handbook around this folder are kept. */
export async function findRuns(): Promise<string> {
  return findRunsFolder(await findHandbookRoot(process.cwd()), process.env)
}

/** A run's folder and what its ledger holds. Throws a `UsageError` when there is no such run. */
export async function findRun(id: string): Promise<{ readonly folder: string; readonly content: LedgerContent }> {
  const folder = join(await findRuns(), id)
  const content = /^[\w-]+$/.test(id) ? await readLedger(folder).catch(() => undefined) : undefined
  if (!content) throw new UsageError(`There is no run ${id}`, 'See handbook runs list')
  return { folder, content }
}
