import { endLeftovers } from '../../execute/index.ts'
import { findHandbookRoot } from '../../handbook/index.ts'
import type { Lease, MissingRun, PastHolder, Recording, RunHistory, RunStore } from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import { findStore } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { removeScratch } from './scratch-folder.ts'

/** The store of the handbook around a folder. */
export async function findStoreAround({ cwd, env }: Pick<Ports, 'cwd' | 'env'>): Promise<RunStore> {
  return findStore(findHandbookRoot(cwd), env)
}

/** A run's store and what is recorded of it. Throws a `UsageError` when there is no such run. */
export async function findRun(
  id: string,
  ports: Pick<Ports, 'cwd' | 'env'>,
): Promise<{ readonly store: RunStore; readonly recording: Recording }> {
  const store = await findStoreAround(ports)
  const recording = await store.read(id)
  if (!recording) throw await describeMissing(store, id)
  return { store, recording }
}

/** Why there is no such run: it may have been pruned. */
async function describeMissing(store: RunStore, id: string): Promise<UsageError> {
  const left = await store.readTombstone(id)
  if (!left) {
    const removed = await findRemoved(store, id)
    if (removed)
      return new UsageError(`There is no run ${id} any more: ${describeRemoved(removed)}`, 'Look who did that')
    const owner = await store.owner(id)
    if (owner === undefined) return new UsageError(`There is no run ${id}`, 'See handbook runs list')
    return new UsageError(
      `Run ${id} belongs to ${owner}, and you may not read its record`,
      'Ask them to export it; or let a group share the folder of runs: chgrp -R GROUP .handbook; chmod -R g+rwX .handbook',
    )
  }
  const { procedure, environment, outcome, started, pruned, by, head } = left
  return new UsageError(
    `Run ${id} was pruned on ${pruned.slice(0, 16)}Z by ${by.user}@${by.host}`,
    `It ran ${procedure} in ${environment} on ${started.slice(0, 16)}Z, ${outcome}; its ledger ended with ${head}`,
  )
}

/** What others remember of a run that is not there, and was not pruned. */
export async function findRemoved(store: RunStore, id: string): Promise<MissingRun | undefined> {
  if ((await store.read(id)) || (await store.readTombstone(id))) return undefined
  return (await store.missing()).find(({ run }) => run === id)
}

/** That a run was removed, and who remembers it. */
export function describeRemoved({ by, head }: Omit<MissingRun, 'run'>): string {
  const [first = '', ...more] = by
  const who = more.length === 0 ? `run ${first} has` : `run ${first} and ${more.length} more have`
  return `${who} its head ${head.slice(0, 12)}, and it was not pruned: somebody removed it`
}

/** A run that nobody else resumes or rolls back meanwhile; `gone`: who held it before, and does not run it any more. */
interface LeasedRun {
  readonly lease: Lease
  readonly gone: readonly PastHolder[]
}

/** Keeps others from resuming the same run at the same time. Throws a `RefusedError` when somebody does so, or runs it, or may. */
export async function leaseRun(
  store: RunStore,
  run: string,
  { by, say }: Pick<Ports, 'by' | 'say'>,
): Promise<LeasedRun> {
  const holder = { ...by, run, since: new Date().toISOString() }
  const claim = await sayWhenSlow(WATCHING, store.lease({ run }, holder), say).catch(error => {
    throw new RefusedError(
      `The lock of run ${run} cannot be written: ${error instanceof Error ? error.message : error}`,
      'Make room for it, or begin a new run: handbook run PAGE --from STEP',
    )
  })
  if (claim.held) return { lease: claim.lease, gone: claim.gone }
  if (claim.state === 'damaged')
    throw new RefusedError(`Somebody may be running ${run}: its lock is damaged, ${claim.problem}`, claim.look)
  const { user, host, pid } = claim.holder
  const who = `${user}@${host}, process ${pid}`
  throw claim.state === 'alive'
    ? new RefusedError(`Run ${run} is still running: ${who}`, `Stop it first: handbook runs cancel ${run}`)
    : new RefusedError(`Run ${run} may still be running on ${host}: ${who}`, claim.look)
}

/** Ends and removes what a run left whose runner is gone. Throws a `RefusedError` when something does not even end by SIGKILL. */
export async function clearLeftovers(history: RunHistory, cwd: string): Promise<void> {
  const { half, started } = history
  const left = half ? await endLeftovers(started.run, half.step, half) : []
  if (left.length > 0) throw new RefusedError(`Processes of the run do not end: ${left.join(', ')}`)
  removeScratch(history.started.run, history.started.cwd ?? cwd)
}

/** Milliseconds after which somebody who waits wants to know what for. */
const SLOW = 2000

/** Says what is waited for, when that takes long. */
export async function sayWhenSlow<T>(text: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  const timer = setTimeout(() => say(text), SLOW)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

/** What is waited for when a lease is watched. */
export const WATCHING = 'Watching whether a runner on another machine renews its lease …'
