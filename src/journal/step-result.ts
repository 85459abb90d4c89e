/** How a step ended. */
export type StepStatus =
  | 'passed'
  | 'failed'
  | 'ruled-out'
  | 'skipped'
  | 'blocked'
  | 'cancelled'
  | 'timed-out'
  | 'interrupted'

/** A value that a step returned, as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Something that went wrong in a block, at the page's own place where it is known. */
export interface StepError {
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly hint?: string
}

/** A process that a step left running when it ended. */
export interface LeftProcess {
  readonly pid: number
  readonly command: string
}

/** How a step ended, as far as the procedure's flow needs it. */
export interface StepResult {
  readonly status: StepStatus
  readonly value?: Json
  /** Why a cause was ruled out, or a step skipped or blocked. */
  readonly reason?: string
  readonly error?: StepError
  /** False when nothing of the block was run. */
  readonly begun?: boolean
  /** What it left running. */
  readonly left?: readonly LeftProcess[]
}

/** A thing that a step recorded beside its output. */
export interface Evidence {
  readonly name: string
  /** The name under which the store keeps a copy. */
  readonly file?: string
  readonly value?: Json
  /** Why the copy was not kept. */
  readonly problem?: string
}

/** A mitigation that a diagnosis pointed to. */
export interface Suggestion {
  readonly step: string
  readonly why: string
}

/** What a fence's meta says of how a step runs and is undone. */
export interface StepMeta {
  /** Milliseconds. */
  readonly timeout: number
  readonly retries: number
  /** Milliseconds. */
  readonly every: number
  readonly temporary?: true
  readonly undoes?: string
  readonly when?: string
  readonly irreversible?: string
  readonly leaves?: string
  /** The step, or its key, that lists what this one touches. */
  readonly touches?: string
  readonly max?: number
}
