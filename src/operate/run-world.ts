import type { Environment } from '../environments/index.ts'
import type { Actor, RunStore } from '../journal/index.ts'
import type { Lab } from '../lab-port/index.ts'

/** What a run of a page by itself needs of the world. */
export interface RunWorld {
  /** The handbook's folder, in which the page's blocks run. */
  readonly root: string
  /** The folder of the bundles. */
  readonly bundles: string
  /** Remembers the runs. */
  readonly store: RunStore
  /** What blocks inherit of the environment. */
  readonly inherited: Readonly<Record<string, string>>
  /** The values of an environment's secrets, by name; throws when one cannot be had. */
  readonly readSecrets: (environment: Environment) => Promise<Readonly<Record<string, string>>>
  readonly by: Actor
  readonly signal: AbortSignal
}

/** What a lab of one's own needs of the world. */
export interface LabWorld extends RunWorld {
  readonly lab: Lab
  /** The folder of the Prometheus rules. */
  readonly rules: string
  /** An own folder for the lab. */
  readonly directory: string
  readonly timeScale: number
  /** `false` leaves Prometheus and Alertmanager out; in a drill Diagnose is the signal then, and nothing is proven. */
  readonly prometheus?: boolean
}
