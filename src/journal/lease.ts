import { hostname } from 'node:os'
import { isNumberInUse, isRunning } from '../base/index.ts'
import type { Actor } from './event.ts'

/** What a lease is for: one run, or changes by a procedure in an environment. */
export type LeaseSubject =
  | { readonly run: string }
  | {
      readonly procedure: string
      readonly environment: string
      /** Which deployment it is, where several come after each other under one name. */
      readonly deployment?: string
    }

/** Who holds a lease, and for which run. */
export interface Holder extends Actor {
  readonly run: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** The folder in whose record the run is, on that host: others may share only the lock. */
  readonly folder?: string
}

/** A process that held a lease. */
export type PastHolder = Pick<Actor, 'host' | 'pid' | 'start'>

/** Whether two notes are of the same process. */
export function isSameProcess(one: PastHolder, other: PastHolder): boolean {
  return one.host === other.host && one.pid === other.pid && one.start === other.start
}

/** A lease that is held. Its counter is renewed until it is released. */
export interface Lease {
  /** Whether nobody took it over, as a waiter does who saw it not renewed: this process may have been frozen. */
  isHeld(): Promise<boolean>
  /** Gives it back; more than once does nothing. */
  release(): Promise<void>
}

/**
 * A lease that is held now, perhaps after somebody who is gone; or why it is not to be had. `gone`: the last holders that gave it back
 * or were proven gone.
 */
export type Claim =
  | {
      readonly held: true
      readonly after?: Holder
      readonly gone: readonly PastHolder[]
      readonly lease: Lease
      /** Whom it does not keep out, if anybody. */
      readonly warning?: string
    }
  /** Its holder is there, or cannot be judged from here. `look`: how to look, and how to clear it. */
  | { readonly held: false; readonly state: 'alive' | 'elsewhere'; readonly holder: Holder; readonly look: string }
  /** What is there says of no holder: somebody may hold it. */
  | { readonly held: false; readonly state: 'damaged'; readonly problem: string; readonly look: string }

/** Whether a runner is still there, by its process: only its own machine can tell that. */
export function judgeActor({ host, pid, start }: Actor): 'alive' | 'gone' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere'
  if (start === undefined) return isNumberInUse(pid) ? 'alive' : 'gone'
  return isRunning({ pid, start }) ? 'alive' : 'gone'
}

/** A lease that somebody cleared by hand, and why. */
export interface Unlocked {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly by: Actor
  readonly reason: string
  readonly subject: LeaseSubject
  /** Who held it; missing when nobody could tell. */
  readonly holder?: Holder
}

/** What came of clearing a lease: nothing was held, its holder runs here, or it is clear. `unrecorded`: why that is not recorded. */
export type Unlocking =
  | { readonly state: 'free' }
  | { readonly state: 'alive'; readonly holder: Holder }
  | { readonly state: 'cleared'; readonly unlocked: Unlocked; readonly unrecorded?: string }
