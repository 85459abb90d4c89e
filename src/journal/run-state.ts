import type { AlertNow, AskedAlerts, StartAlert } from './asked-alerts.ts'
import type { Actor, NotedProcess, Outcome, RunEvent } from './event.ts'
import type { Evidence, Json, StepError, StepResult, StepStatus, Suggestion } from './step-result.ts'
import type { Cure, Standing } from './unreverted.ts'
import type { Basis } from './verdict.ts'

/** What is known of one step of a run. */
export interface StepState {
  readonly id: string
  readonly title: string
  readonly phase: string
  readonly status: StepStatus | 'waiting' | 'running'
  readonly attempts: number
  readonly seconds: number
  readonly value?: Json
  readonly reason?: string
  readonly error?: StepError
  readonly evidence: readonly Evidence[]
  /** How it ended when it was taken last; missing while it runs, and when it was cancelled. */
  readonly result?: StepResult
  /** What it gave since it was taken last, for the steps after it. */
  readonly gave?: Json
  /** SHA-256 of the block that ran, or that stood on the page when the run began. */
  readonly blockHash?: string
  /** What it points to, as it was taken last; `seq` is the event that says so. */
  readonly suggests?: readonly (Suggestion & { readonly seq: number })[]
  /** The event that first told of an end after something of it was run. */
  readonly begun?: number
  /** Set when it started and was not seen to end, or was cancelled on its way: since which event, and what watches over it. */
  readonly open?: { readonly since: number; readonly process?: NotedProcess }
}

/** A run as its events tell it so far. */
export interface RunState {
  readonly id: string
  readonly procedure: string
  readonly title: string
  readonly environment: string
  readonly started: string
  readonly finished?: string
  readonly outcome?: Outcome
  readonly reason?: string
  /** Who runs it; after it was resumed, who did that last. */
  readonly by?: Actor
  /** Why it was not allowed to go on, if it was not. */
  readonly refused?: string
  /** The alert that it was started for, if one was named. */
  readonly alert?: StartAlert
  /** What was asked about the page's alerts at the end, when that was recorded. */
  readonly alerts?: AskedAlerts
  /** What is known then of the alert that it was started for. */
  readonly alertNow?: AlertNow
  /** The steps that the outcome stands on, when they were recorded. */
  readonly basis?: Basis
  /** How often it was resumed. */
  readonly resumed: number
  /** The run that this one rolls back. */
  readonly rollsBack?: string
  /** Dangerous steps of a protected environment that somebody else allowed. */
  readonly approvals: readonly { readonly step: string; readonly by: string; readonly beforehand?: true }[]
  /** Dangerous steps of a protected environment that began with nobody's approval. To be shown loudly. */
  readonly unapproved: readonly { readonly step: string; readonly reason: string; readonly by: Actor }[]
  /** Seconds from its start to its end; never fewer than its runner measured. */
  readonly took?: number
  /** Whether the clock was set back meanwhile, so that its times do not say how long it took. */
  readonly clockSetBack?: true
  readonly contentHash: string
  readonly steps: readonly StepState[]
  readonly suggestions: readonly Suggestion[]
  readonly warnings: readonly string[]
  /** What people wrote down while it went on; missing when nobody did. */
  readonly noted?: readonly Extract<RunEvent, { type: 'run.noted' }>[]
  readonly standing: readonly Standing[]
  readonly cures: readonly Cure[]
  readonly rollBack: readonly string[]
  /** How it was started, to the letter. */
  readonly start?: Extract<RunEvent, { type: 'run.started' }>
  /** How it ended, to the letter; missing again once it was resumed. */
  readonly ending?: Extract<RunEvent, { type: 'run.finished' }>
}

/** A dangerous step that ran although nobody else had allowed it then: somebody has to look at it. */
export interface ToReview {
  readonly step: string
  readonly why: 'break-glass' | 'beforehand'
  /** Who ran it, for a broken glass; else what allowed it. */
  readonly by: string
  readonly reason?: string
}

/** The steps of a run that somebody has to look at afterwards. */
export function listToReview({ approvals, unapproved }: Pick<RunState, 'approvals' | 'unapproved'>): ToReview[] {
  return [
    ...unapproved.map(({ step, reason, by }) => {
      return { step, why: 'break-glass' as const, by: `${by.user}@${by.host}`, reason }
    }),
    ...approvals.flatMap(({ step, by, beforehand }) => (beforehand ? [{ step, why: 'beforehand' as const, by }] : [])),
  ]
}
