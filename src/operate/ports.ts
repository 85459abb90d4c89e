import type { Environment, Handbook } from '../environments/index.ts'
import type { Actor, RunEvent } from '../journal/index.ts'
import type { Param, ParamValue, Step } from '../procedure/index.ts'
import type { Answer, FailureAnswer, StepPlace, StepQuestion } from '../runner/index.ts'

/** Variables of whoever calls. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What every use case needs of the world. Whoever calls gives it: nothing here looks at the process that it is in. */
export interface Ports {
  /** The folder that is called from: paths are relative to it, and the handbook is the one around it. */
  readonly cwd: string
  /** Secrets are read from these, and blocks inherit a few of them. */
  readonly env: Variables
  /** Who calls. */
  readonly by: Actor
  /** The folder of the bundles: the programs of the worker and of the lab. */
  readonly bundles: string
  /** Hears a line of what is waited for, when that takes long. */
  readonly say: (line: string) => void
  /** Answers questions; without it there is nobody to ask. */
  readonly prompter?: Prompter
  readonly practice: Practice
  /** Cancels what is under way. */
  readonly signal: AbortSignal
  /** What was cancelled gets no more time to end by itself. */
  readonly hurry?: AbortSignal
}

/** Asks a person. What gives nothing was thought better of. */
export interface Prompter {
  /** Whether nobody is here: what is asked is answered elsewhere, through the store. */
  readonly away?: true
  /** Whether a step may run. */
  readonly confirm: (question: StepQuestion, environment: Environment, signal: AbortSignal) => Promise<Answer>
  /** What to do about a step that did not pass. */
  readonly afterFailure: (step: Step, place: StepPlace, signal: AbortSignal) => Promise<FailureAnswer>
  /** Who somebody is who uses an account that several people use; absent where nobody could be asked. */
  readonly name?: (account: string, signal: AbortSignal) => Promise<string | undefined>
  /** Whether to continue although these things are not what they were. */
  readonly accept: (changes: readonly string[], question: string) => Promise<boolean>
  /** What to do about a step that may be only partially done. */
  readonly interrupted: (step: Step) => Promise<'repeat' | 'skip' | 'stop'>
  /** The values of parameters, each with its default. */
  readonly params: (
    params: readonly Param[],
    defaults: Readonly<Record<string, ParamValue>>,
  ) => Promise<Record<string, ParamValue> | undefined>
}

/** The practice deployment of a handbook. Throws a `UsageError` for a handbook that it is none of. */
export interface Practice {
  /** The one that runs, as an environment; nothing when none does. */
  readonly connect: (handbook: Handbook) => Promise<Environment | undefined>
  /** Starts one with these alert rules until it is closed. Without this function none is started. */
  readonly start?: (
    handbook: Handbook,
    own: { readonly rules: string; readonly signal: AbortSignal; readonly say: (line: string) => void },
  ) => Promise<OpenEnvironment>
}

/** An environment that is there until it is closed. */
export interface OpenEnvironment {
  readonly environment: Environment
  readonly close: () => Promise<void>
}

/** Hears how a run goes. */
export interface RunListener {
  /** The run begins now; one that is resumed has these events behind it. `recorded`: whether anything of it can be. */
  readonly begin?: (before: readonly RunEvent[], recorded: boolean) => void
  readonly event: (event: RunEvent) => void
}
