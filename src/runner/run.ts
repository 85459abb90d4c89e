import type { Environment } from '../base/index.ts'
import type { Actor, Json, RunEvent, RunFact, StepError } from '../journal/index.ts'
import type { ParamValue, Procedure, Step } from '../procedure/index.ts'
import type { BlockWorker } from '../worker/index.ts'
import type { Clock } from './clock.ts'
import type { Ledger } from './ledger.ts'
import type { Redaction } from './secrets/redaction.ts'

/** What to run, where, with what, and how far it may go by itself. */
export interface RunRequest {
  readonly procedure: Procedure
  readonly environment: Environment
  readonly params: Readonly<Record<string, ParamValue>>
  /** Resolved secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>
  /** `auto`: up to what the environment allows. `interactive`: asks. `reading`: neither, so only `read` steps run. */
  readonly mode: 'auto' | 'interactive' | 'reading'
  /** The one step to run, instead of the procedure. */
  readonly only?: string
  /** The folder that blocks run in. */
  readonly cwd: string
  /** What blocks inherit of the runner's environment. */
  readonly inherited: Readonly<Record<string, string>>
  readonly by: Actor
  /** What is not in order, but does not stand in the way. */
  readonly warnings: readonly string[]
}

/** What a person says when asked about a step. */
export type Answer = 'run' | 'skip' | 'stop'

/** What a run needs of the world. */
export interface RunPorts {
  readonly worker: BlockWorker
  readonly ledger: Ledger
  readonly listen: (event: RunEvent) => void
  /** Asks a person; only called when the mode is `interactive`. */
  readonly confirm: (step: Step, why: string | undefined) => Promise<Answer>
  /** The names of the alerts that fire now. `unknown`: Alertmanager does not answer. `none`: the environment has none. */
  readonly firingAlerts: () => Promise<readonly string[] | 'unknown' | 'none'>
  /** Cancels the run. */
  readonly signal: AbortSignal
  /** A new folder for what blocks hand over; it is gone after the run. */
  readonly scratch: string
  /** The time that passes, unless said. */
  readonly clock?: Clock
}

/** How a step ended, for the procedure's flow. */
export interface StepResult {
  readonly status: 'passed' | 'failed' | 'ruled-out' | 'skipped' | 'blocked' | 'cancelled' | 'timed-out'
  readonly value?: Json
  readonly reason?: string
  readonly error?: StepError
  /** False when nothing of the block was run. */
  readonly begun?: boolean
}

/** A run under way: what its steps have given and done so far. */
export interface Run {
  readonly request: RunRequest
  readonly ports: RunPorts & { readonly clock: Clock }
  /** Hides what must not be shown or kept: the values of secrets and of secret parameters. */
  readonly redaction: Redaction
  readonly values: Record<string, Json>
  readonly suggestions: Map<string, string>
  /** Steps that changed something, or may have begun to, in their order. */
  readonly taken: Step[]
  /** Ids of the steps whose effect was taken back. */
  readonly undone: Set<string>
  emit(fact: RunFact): void
}
