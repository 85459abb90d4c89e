import { listChanges, type RunStore, type UnrevertedChange } from '../journal/index.ts'
import { guess, UsageError } from './errors.ts'
import { findStoreAround } from './find-run.ts'
import { openHandbook } from './open-handbook.ts'
import type { Ports } from './ports.ts'

/** What an environment's runs, or all runs, changed and nobody has reverted; those of the newest run first. */
export async function listUnreverted(store: RunStore, environment?: string): Promise<readonly UnrevertedChange[]> {
  return listChanges(await store.unreverted(environment))
}

/** A change, and where it was made. */
export interface PlacedChange extends UnrevertedChange {
  readonly environment: string
}

/** The same of the handbook around a folder. Throws a `UsageError` for an environment that there is not. */
export async function findUnreverted(
  environment: string | undefined,
  ports: Pick<Ports, 'cwd' | 'env'>,
): Promise<readonly PlacedChange[]> {
  const store = await findStoreAround(ports)
  const runs = await store.unreverted(environment)
  const known = Object.keys((await openHandbook(ports.cwd))?.file.environments ?? {})
  if (environment !== undefined && runs.length === 0 && known.length > 0 && !known.includes(environment))
    throw new UsageError(`handbook.yaml has no environment ${environment}`, guess(environment, known))
  return runs.flatMap(run => listChanges([run]).map(change => ({ ...change, environment: run.environment })))
}
