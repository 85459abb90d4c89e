import type { Problem } from '../base/index.ts'
import type { PartHash } from './stands-on.ts'

/** What a lab says of the content behind proofs: what breaks a deployment, what keeps it busy meanwhile, and what is deployed. */
export interface LabContent {
  /** What can be broken, by name. */
  readonly faults: Readonly<Record<string, FaultContent>>
  readonly workload: PartHash
  /** The service with its units and its configuration, as the lab deploys them. */
  readonly shipped: PartHash
  /** Why a part cannot be read, each at its place in the sources. */
  readonly problems: readonly Pick<Problem, 'file' | 'line' | 'column' | 'message'>[]
}

/** What a fault or a mutation does. */
export interface FaultContent {
  readonly hash: PartHash
  /** Whether it acts on a deployment; else on the repository. */
  readonly deployed: boolean
}
