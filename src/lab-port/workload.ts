import type { LabStatus } from './lab-status.ts'

/** A client that uses a deployment steadily during a drill, as its users do, and remembers everything that was acknowledged. */
export interface Workload {
  /** What is acknowledged, in the plural: `orders`. */
  readonly name: string
  /** How many have to be acknowledged before the fault, and again after it, so that the deployment counts as well. */
  readonly enough: number
  /** Begins to use the deployment. */
  start(lab: LabStatus): RunningWorkload
}

/** A workload under way. */
export interface RunningWorkload {
  /** How many were acknowledged until now. */
  acknowledged(): number
  /** How it felt to those who use the deployment, until now. */
  felt(): Felt
  /** Begins nothing new, and ends what is under way. */
  stop(): Promise<void>
  /** Looks for everything that was acknowledged, for at most `timeout` milliseconds: how many were lost, and counts of its own. */
  verify(timeout: number): Promise<Losses>
}

/** How a drill felt to those who use the deployment. */
export interface Felt {
  /** The share of attempts that failed, from 0 to 1. */
  readonly failedShare: number
  /** The longest time in which nothing was acknowledged. */
  readonly longestGapSeconds: number
}

/** The result for everything that was acknowledged. Something is lost if it is neither there nor held for a recorded reason. */
export interface Losses {
  readonly lost: number
  /** Counts of this workload's own, each by the word for it: `delivered`, `held`. */
  readonly counts?: Readonly<Record<string, number>>
}
