import { join } from 'node:path'
import { createFileStore, type LeaseSubject, type Unlocked } from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import { findProcedure } from '../open/find-procedure.ts'
import { resolveEnvironment } from '../open/open-environment.ts'
import { findStore } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { findStoreAround } from './find-run.ts'

/** Which lock to clear: of a run, or of a page in an environment; and why. */
export interface UnlockOptions {
  /** A run's id, or a page. */
  readonly of: string
  readonly environment?: string | undefined
  readonly reason: string
}

/** A lock that was cleared; `unrecorded`: why nobody will read of that later. */
export interface ClearedLock {
  readonly unlocked: Unlocked
  readonly unrecorded?: string
}

/**
 * Clears a lock whose holder nobody can judge from here, or that is damaged; nothing when there is none. Throws a `RefusedError` when its
 * holder runs, and a `UsageError` when there is no such page, environment or reason.
 */
export async function unlock(
  { of, environment, reason }: UnlockOptions,
  ports: Pick<Ports, 'cwd' | 'env' | 'by' | 'practice'>,
): Promise<ClearedLock | undefined> {
  if (reason.trim() === '')
    throw new UsageError('--reason wants a reason', 'A few words for people who read this later')
  const places = await findPlaces(of, environment, ports)
  for (const { store, subject } of places) {
    const done = await store.unlock(subject, ports.by, reason).catch(error => {
      throw new RefusedError(
        `The lock cannot be cleared: ${error instanceof Error ? error.message : error}`,
        'Ask whoever owns it, or make room for it',
      )
    })
    if (done.state === 'alive')
      throw new RefusedError(
        `Run ${done.holder.run} holds the lock, and runs: ${done.holder.user}@${done.holder.host}, process ${done.holder.pid}`,
        `Stop it first: handbook runs cancel ${done.holder.run}`,
      )
    if (done.state === 'cleared') return done
  }
  return undefined
}

/** Where the lock may be: in the folder that the environment names, and beside the record. */
async function findPlaces(
  of: string,
  name: string | undefined,
  { cwd, env, practice }: Pick<Ports, 'cwd' | 'env' | 'practice'>,
) {
  if (/^\d{8}-\d{6}-\w+$/.test(of)) return [{ store: await findStoreAround({ cwd, env }), subject: { run: of } }]
  const { procedure, handbook, besides } = await findProcedure(of, cwd)
  const environment = await resolveEnvironment(handbook, name, practice, besides)
  const subject: LeaseSubject = { procedure: procedure.id, environment: environment.name }
  const own = { store: findStore(handbook?.root, env), subject }
  return environment.lock === undefined
    ? [own]
    : [{ store: createFileStore(join(environment.lock, 'runs')), subject }, own]
}
