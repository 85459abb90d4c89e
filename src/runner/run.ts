import { setTimeout as sleep } from 'node:timers/promises'
import type { FiringAnswer } from '../alerts/index.ts'
import type { Environment } from '../environments/index.ts'
import type { Executor } from '../execute/index.ts'
import type {
  Actor,
  Json,
  Lease,
  RunEvent,
  RunFact,
  RunHead,
  RunHistory,
  RunStore,
  RunWriter,
  StartAlert,
  StepResult,
  StepStatus,
  UnrevertedChange,
} from '../journal/index.ts'
import type { ParamValue, Procedure, Step } from '../procedure/index.ts'
import type { Redaction } from '../secrets/index.ts'

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
  /** The step to begin at; those before it are not run. */
  readonly from?: string
  /** Values of the steps before that one, as they would have given them. */
  readonly given?: Readonly<Record<string, Json>>
  /** What the run did before, what to do about a step that may be only partially done, and which changes are accepted. */
  readonly resumes?: {
    readonly history: RunHistory
    readonly interrupted?: 'repeat' | 'skip'
    readonly accepted?: readonly string[]
  }
  /** The run that is rolled back, instead of running the procedure; with a step, only by that one. */
  readonly rollsBack?: { readonly run: string; readonly history: RunHistory; readonly step?: string }
  /** Why nobody's approval is waited for in a protected environment. */
  readonly breakGlass?: string
  /** Why it may change something although nothing of it is recorded. */
  readonly unrecorded?: string
  /** The alert that the run is started for, if one was named. */
  readonly alert?: StartAlert
  /** The newest runs before this one, with the heads of their ledgers. */
  readonly after?: readonly RunHead[]
  /** The folder that blocks run in. */
  readonly cwd: string
  /** What blocks inherit of the runner's environment. */
  readonly inherited: Readonly<Record<string, string>>
  readonly by: Actor
  /** What is not in order, but does not stand in the way. */
  readonly warnings: readonly string[]
}

/** Where in a phase a step stands, for whoever is asked about it. */
export interface StepPlace {
  /** Counted from 1. */
  readonly number: number
  readonly of: number
  /** The one after it in this phase, if there is one. */
  readonly next?: Step
}

/** What a person is asked before a step. */
export interface StepQuestion extends StepPlace {
  readonly step: Step
  /** Why a diagnosis points to it. */
  readonly why?: string
  /** How it ended before, when somebody went back to it. */
  readonly before?: StepStatus
}

/** What a person says when asked about a step; `to-end`: run it, and ask no more before changes. */
export type Answer = 'run' | 'to-end' | 'back' | 'stop' | { readonly skip: string }

/** What a person says to a step that failed; `stop`: to be resumed later; `end`: the run is over. */
export type FailureAnswer = 'retry' | 'roll-back' | 'stop' | 'end' | { readonly skip: string }

/** What a run needs of the world. */
export interface RunPorts {
  readonly executor: Executor
  /** Remembers the run. */
  readonly writer: RunWriter
  readonly listen: (event: RunEvent) => void
  /** Asks a person before a step; only called when the mode is `interactive`. The signal aborts when somebody else has answered. */
  readonly confirm: (question: StepQuestion, signal: AbortSignal) => Promise<Answer>
  /** Asks a person what to do about a step that failed; only called when the mode is `interactive`. Without it, failures end the run. */
  readonly afterFailure?: (
    step: Step,
    result: StepResult,
    place: StepPlace,
    signal: AbortSignal,
  ) => Promise<FailureAnswer>
  /** Whether a person is asked before steps that only read, too. */
  readonly askEach?: boolean
  /** Leases the environment, so that no two runs change it by one procedure; without it, nothing is leased. */
  readonly leases?: Pick<RunStore, 'lease'>
  /** Asks what earlier runs of the environment changed, and nobody has reverted; without it, nothing is said of them. */
  readonly earlier?: () => Promise<readonly UnrevertedChange[]>
  /** Asks which alerts fire now. */
  readonly firingAlerts: () => Promise<FiringAnswer>
  /** Cancels the run. */
  readonly signal: AbortSignal
  /** A step that is ended gets no more time to end by itself. */
  readonly hurry?: AbortSignal
  /** A new folder for what blocks hand over; it is gone after the run. */
  readonly scratch: string
  /** The time that passes, unless said. */
  readonly clock?: Clock
}

/** A run under way: what its steps have given and done so far. */
export interface Run {
  readonly request: RunRequest
  readonly ports: RunPorts & { readonly clock: Clock }
  /** Hides what must not be shown or kept: the values of secrets and of secret parameters. */
  readonly redaction: Redaction
  readonly values: Record<string, Json>
  /** What diagnoses point to, and which of them does. */
  suggestions: readonly { readonly step: string; readonly by: string; readonly why: string }[]
  /** How steps ended before the run was resumed; each is taken from here once. */
  readonly recorded: Map<string, StepResult>
  /** Steps that may be only partially done before the run was resumed. */
  readonly half: Set<string>
  /** Steps that changed something, or may have begun to, in their order. */
  readonly taken: Step[]
  /** Ids of the steps that were rolled back. */
  readonly undone: Set<string>
  /** Whether a person has said that changes go on without being asked about. */
  unasked: boolean
  /** Whether a person wants to roll back what was done. */
  wantsRollBack: boolean
  /** The lease on the environment, once it is held. */
  lease: Lease | undefined
  /** Tells a fact. Resolves when it is kept as firmly as it must be before the run goes on; never rejects. */
  emit(fact: RunFact): Promise<void>
}

/** Time as a run sees it. Processes' timeouts are not its matter: they are as real as the processes. */
export interface Clock {
  /** Milliseconds since some fixed instant. */
  now(): number
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** The time that passes. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
}
