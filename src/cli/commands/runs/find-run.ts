import { findHandbookRoot } from '../../../handbook/index.ts'
import type { Recording, RunStore } from '../../../journal/index.ts'
import { findStore } from '../../find-store.ts'
import { UsageError } from '../../usage-error.ts'

/** The store of the handbook around this folder. */
export async function findStoreHere(): Promise<RunStore> {
  return findStore(await findHandbookRoot(process.cwd()), process.env)
}

/** A run's store and what is recorded of it. Throws a `UsageError` when there is no such run. */
export async function findRun(id: string): Promise<{ readonly store: RunStore; readonly recording: Recording }> {
  const store = await findStoreHere()
  const recording = await store.read(id)
  if (!recording) throw new UsageError(`There is no run ${id}`, 'See handbook runs list')
  return { store, recording }
}
