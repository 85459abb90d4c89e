import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isOfThisBoot } from '../../base/index.ts'
import type { Actor } from '../event.ts'
import {
  type Claim,
  type Holder,
  isSameProcess,
  judgeActor,
  type Lease,
  type LeaseSubject,
  type PastHolder,
} from '../lease.ts'
import {
  createLeaseFile,
  findLast,
  type LeaseFile,
  listNumbers,
  readLeaseFile,
  releaseLeaseFile,
  renewLease,
} from './lease-file.ts'
import { withRoom } from './reserve.ts'
import { makeFolder } from './share.ts'

/** A lease in a file, which can also be looked at without waiting. */
export interface FileLease extends Lease {
  /** Whether another took it over. */
  isLost(): boolean
}

type FileClaim = Exclude<Claim, { held: true }> | (Extract<Claim, { held: true }> & { readonly lease: FileLease })

/** Milliseconds between two renewals of a lease, unless its store says otherwise. */
export const RENEWS = 1000

/** How many of those who are gone a lease remembers. */
const REMEMBERED = 10

/**
 * Takes a lease: a folder with a numbered file for each holder there was, of which the highest counts. When a holder is proven gone, the
 * next one creates the next number, which only one can do. So two who find the same one gone cannot both have it. On a full disk it takes
 * the room that its run reserved. Rejects when the folder cannot be written.
 */
export async function claimLease(
  folder: string,
  holder: Holder,
  { renews, reserve, clear }: { readonly renews: number; readonly reserve: string; readonly clear: string },
): Promise<FileClaim> {
  withRoom(reserve, () => makeFolder(folder))
  for (;;) {
    const last = look(folder)
    if (typeof last === 'string')
      return { held: false, state: 'damaged', problem: last, look: describeDamage(folder, clear) }
    const before = last === 0 ? undefined : readLeaseFile(join(folder, String(last)))
    if (before?.state === 'damaged')
      return {
        held: false,
        state: 'damaged',
        problem: before.problem,
        look: describeDamage(join(folder, String(last)), clear),
      }
    if (before?.state === 'held') {
      const judged = await judgeHolder(join(folder, String(last)), before)
      if (judged === 'changed') continue
      if (judged !== 'gone')
        return {
          held: false,
          state: judged,
          holder: before.holder,
          look: describeLook(before.holder, join(folder, String(last)), clear),
        }
    }
    const after = before?.state === 'held' ? before.holder : undefined
    const gone = [...(before?.gone ?? []), ...(after ? [note(after)] : [])].slice(-REMEMBERED)
    const file = join(folder, String(last + 1))
    if (!withRoom(reserve, () => createLeaseFile(file, holder, { renews, gone }))) continue
    // Somebody may have been through several numbers since we looked.
    if (findLast(folder) !== last + 1) {
      rmSync(file, { force: true })
      continue
    }
    for (const name of listNumbers(folder)) if (name <= last) rmSync(join(folder, String(name)), { force: true })
    const lease = hold(folder, last + 1, renews, [...gone, note(holder)])
    return { held: true, ...(after ? { after } : {}), gone, lease }
  }
}

/** The highest number, or why nobody can tell who holds it. */
function look(folder: string): number | string {
  try {
    return findLast(folder)
  } catch (error) {
    return `it cannot be looked at: ${error instanceof Error ? error.message : error}`
  }
}

function note({ host, pid, start }: Holder): PastHolder {
  return { host, pid, ...(start === undefined ? {} : { start }) }
}

function hold(folder: string, number: number, renews: number, gone: readonly PastHolder[]): FileLease {
  const file = join(folder, String(number))
  const stop = renewLease(file, renews)
  let released = false
  const isLost = () => {
    try {
      return !existsSync(file) && findLast(folder) > number
    } catch {
      // What cannot be looked at was not seen to be taken over.
      return false
    }
  }
  return {
    isLost,
    isHeld: async () => !released && !isLost(),
    async release() {
      if (released) return
      released = true
      stop()
      // A number that was taken over belongs to nobody any more.
      if (!isLost()) releaseLeaseFile(file, gone)
    },
  }
}

function describeLook({ host, pid, run, folder }: Holder, file: string, clear: string): string {
  const where = folder === undefined ? '' : `, in ${folder}`
  return `To see whether that still runs, on ${host}: ps -p ${pid}; to stop it${where}: handbook runs cancel ${run}. The lock is ${file}. When ${host} is lost for good, remove it: ${clear}`
}

function describeDamage(file: string, clear: string): string {
  return `The lock is ${file}. Look whether anybody changes the same: handbook runs list. When nobody does, clear it: ${clear}; or remove the file`
}

/** The command that clears a lease. */
export function sayHowToClear(subject: LeaseSubject): string {
  const what = 'run' in subject ? subject.run : `${subject.procedure} --env ${subject.environment}`
  return `handbook runs unlock ${what} --reason WHY`
}

/** How many renewals a holder may miss: it may be slow, and so may a shared folder. */
export const MISSED = 10

/**
 * Whether a lease's holder is there. On its own machine its process tells that at once. From elsewhere it is watched whether its
 * counter moves, by the watcher's own monotonic clock: no two machines agree on the time. `elsewhere`: its holder writes no counter,
 * and only its own machine can tell. `changed`: the lease is another's by now, or nobody's.
 */
async function judgeHolder(
  file: string,
  { holder, renews, counter }: Extract<LeaseFile, { state: 'held' }>,
): Promise<'alive' | 'gone' | 'elsewhere' | 'changed'> {
  const quick = judgeActor(holder)
  if (quick === 'alive' || renews === undefined) return quick
  // A process of another boot may be one of another machine with the same name.
  if (quick === 'gone' && (holder.start === undefined || isOfThisBoot({ start: holder.start }))) return 'gone'
  const end = performance.now() + renews * MISSED
  while (performance.now() < end) {
    await sleep(Math.min(renews / 2, 500))
    const now = readLeaseFile(file)
    if (now.state !== 'held') return 'changed'
    if (now.counter !== counter) return 'alive'
  }
  return 'gone'
}

/** Whether a run's runner is still there: by its process on its own machine, by the run's lease on another. */
export async function judgeRunner(lease: string, by: Actor): Promise<'alive' | 'gone' | 'elsewhere'> {
  const quick = judgeActor(by)
  if (quick !== 'elsewhere') return quick
  for (;;) {
    const file = findFile(lease)
    if (file === undefined) return 'elsewhere'
    const content = readLeaseFile(file)
    if (content.state === 'damaged') return 'elsewhere'
    if (content.gone.some(one => isSameProcess(one, by))) return 'gone'
    // Somebody else's lease, or one that is not renewed, says nothing of this runner.
    if (content.state !== 'held' || content.renews === undefined || !isSameProcess(content.holder, by))
      return 'elsewhere'
    const judged = await judgeHolder(file, content)
    if (judged !== 'changed') return judged
  }
}

/** Who holds a lease, as far as that is seen at once; nothing when nobody does. `sure`: its process was seen. */
export function readHolder(lease: string): { readonly holder: Holder; readonly sure: boolean } | undefined {
  const file = findFile(lease)
  const content = file === undefined ? undefined : readLeaseFile(file)
  if (content?.state !== 'held') return undefined
  const judged = judgeActor(content.holder)
  return judged === 'gone' ? undefined : { holder: content.holder, sure: judged === 'alive' }
}

function findFile(lease: string): string | undefined {
  try {
    const last = findLast(lease)
    return last === 0 ? undefined : join(lease, String(last))
  } catch {
    return undefined
  }
}
