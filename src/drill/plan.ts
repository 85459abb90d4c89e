import type { StandsOn } from '../journal/index.ts'
import type { LabWorld } from '../operate/index.ts'
import type { Drill, Procedure } from '../procedure/index.ts'

/** A drill to carry out: a runbook, and one of the faults that it says it heals. */
export interface DrillPlan {
  /** Runbook and fault. */
  readonly id: string
  readonly procedure: Procedure
  readonly drill: Drill
  /** What the proof stands on, hashed. */
  readonly standsOn: StandsOn
}

/** What a drill needs of the world. */
export interface DrillWorld extends LabWorld {
  readonly commit: string
}
