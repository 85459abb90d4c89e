import type { Drill, Procedure } from '../procedure/index.ts'

/** A drill to carry out: a runbook, and one of the faults that it says it heals. */
export interface DrillPlan {
  /** Runbook and fault. */
  readonly id: string
  readonly procedure: Procedure
  readonly drill: Drill
  /** What the proof stands on, hashed. */
  readonly contentHash: string
}

/** What a drill needs of the world. */
export interface DrillWorld {
  /** The handbook's folder, in which the page's blocks run. */
  readonly root: string
  /** The folder of the bundles. */
  readonly bundles: string
  /** The folder of the Prometheus rules. */
  readonly rules: string
  /** An own folder for this drill's lab. */
  readonly directory: string
  /** Where runs are kept. */
  readonly runs: string
  /** What blocks inherit of the environment. */
  readonly inherited: Readonly<Record<string, string>>
  readonly by: { readonly user: string; readonly host: string; readonly pid: number }
  readonly commit: string
  readonly timeScale: number
  /** `false` leaves Prometheus and Alertmanager out; then Diagnose is the signal, and nothing is proven. */
  readonly prometheus?: boolean
  readonly signal: AbortSignal
}
