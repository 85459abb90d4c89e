import type { Risk } from '../../base/index.ts'
import type { Json, RunEvent, RunState, StepError, StepStatus } from '../../journal/index.ts'
import { nameStatus, TEMPORARY } from '../describe-run.ts'

/** A run in the order in which it happened, for whoever reads about it afterwards. */
export interface RunStory {
  readonly state: RunState
  readonly params: readonly (readonly [string, Json])[]
  readonly target: readonly (readonly [string, Json])[]
  readonly path: string
  readonly mode: 'auto' | 'interactive'
  /** Seconds from the start until the last event. */
  readonly seconds: number
  readonly steps: readonly StepStory[]
  /** The page's steps that the run did not come to. */
  readonly notRun: readonly { readonly id: string; readonly title: string; readonly phase: string }[]
  /** What is to be known about the run as a whole, when it happened. */
  readonly notes: readonly Note[]
  /** Who allowed dangerous steps of a protected environment, or ran them without that. */
  readonly approvals: readonly Approval[]
}

/** That somebody allowed a step, or that it ran although nobody did. */
export interface Approval {
  readonly step: string
  readonly time: string
  /** The approver; without an approval, who ran the step. */
  readonly by: string
  /** Why nobody was waited for. */
  readonly reason?: string
}

/** The phases whose steps change something. */
export const CHANGING: readonly string[] = ['Mitigate', TEMPORARY, 'Roll back', 'Procedure']

/** Something that happened to a run. */
export interface Note {
  readonly time: string
  readonly text: string
  readonly loud: boolean
}

/** A step as it was taken, with its retries. */
export interface StepStory {
  readonly id: string
  readonly title: string
  /** The phase's heading. */
  readonly phase: string
  readonly status: StepStatus | 'running'
  readonly risk?: Risk
  /** Who ran it. */
  readonly by?: string
  readonly time: string
  /** Seconds from the run's start until this began. */
  readonly offset: number
  readonly seconds: number
  readonly output: readonly OutputPart[]
  readonly kept?: Extract<RunEvent, { type: 'step.output-kept' }>
  readonly retries: readonly { readonly attempt: number; readonly error: StepError }[]
  readonly suggestions: readonly { readonly step: string; readonly why: string }[]
  readonly evidence: readonly { readonly name: string; readonly file?: string; readonly value?: Json }[]
  readonly notes: readonly Note[]
  readonly value?: Json
  readonly reason?: string
  readonly error?: StepError
}

/** A piece of what a step printed. */
export interface OutputPart {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  readonly skipped?: number
}

/** How a step ended, in words; that it runs when it did not end. */
export function nameEnd({ status, suggestions }: StepStory): string {
  return status === 'running' ? status : nameStatus(status, suggestions.length > 0)
}
