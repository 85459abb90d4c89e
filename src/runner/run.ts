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
  RunUnderWay,
  RunWriter,
  StartAlert,
  StepResult,
  StepStatus,
  UnrevertedChange,
} from '../journal/index.ts'
import type { ParamValue, Procedure, Step } from '../procedure/index.ts'
import type { Redaction } from '../secrets/index.ts'
import type { CredentialAsk, SignedApproval } from './ask-credentials.ts'
import type { Brief } from './brief-step.ts'
import type { TakenStep } from './flow-roll-back.ts'
import type { KeptEvidence } from './keep-evidence.ts'
import type { Plan } from './plan.ts'

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
  readonly rollsBack?: {
    readonly run: string
    /** The number of its last event. */
    readonly from: number
    readonly history: RunHistory
    readonly step?: string
  }
  /** Who somebody on an account that several people use said that they are. */
  readonly claims?: string
  /** Why nobody's approval is waited for in a protected environment. */
  readonly breakGlass?: string
  /** Why it may change something although nothing of it is recorded. */
  readonly unrecorded?: string
  /** The alert that the run is started for, if one was named. */
  readonly alert?: StartAlert
  /** Nobody asked for it: only the cheap steps of Diagnose are taken. */
  readonly unasked?: true
  /** The newest runs before this one, with the heads of their ledgers. */
  readonly after?: readonly RunHead[]
  /** It was begun from a browser, and what changes the environment runs in a person's terminal: there the run is resumed. */
  readonly handsOver?: true
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
  /** What is seen before it, where it changes something. */
  readonly brief?: Brief
  /** What it will touch, and no more. */
  readonly plan?: Plan
  /** How it ended before, when somebody went back to it. */
  readonly before?: StepStatus
}

/** What a person says when asked about a step; `to-end`: run it, and ask no more before changes. */
export type Answer = 'run' | 'to-end' | 'back' | 'stop' | { readonly skip: string }

/** What a person says to a step that failed; `stop`: to be resumed later; `end`: the run is over. */
export type FailureAnswer = 'retry' | 'roll-back' | 'stop' | 'end' | { readonly skip: string }

/** An approval that a run waits for, for those who may give it. */
export interface AwaitedApproval {
  readonly event: 'approval.awaited'
  readonly run: string
  /** The page's path, and its title. */
  readonly page: string
  readonly title: string
  readonly step: string
  readonly stepTitle: string
  readonly environment: string
  /** Who runs it, and where. */
  readonly by: string
  /** Why a diagnosis points to it, and what cannot be undone. */
  readonly why?: string
  readonly irreversible?: string
  /** How many things its plan touches. */
  readonly touches?: number
  /** When the request ends: ISO 8601, UTC. */
  readonly until: string
  readonly approvers: readonly string[]
  /** The command that approves it. */
  readonly approve: string
}

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
  /** Nobody is here: what is asked is answered through the store alone. */
  readonly away?: true
  /** Asks somebody on an account that several people use who they are; only called when the mode is `interactive`. */
  readonly askName?: (account: string, signal: AbortSignal) => Promise<string | undefined>
  /** Whether a person is asked before steps that only read, too. */
  readonly askEach?: boolean
  /** Says elsewhere that an approval is awaited; rejects when nobody could be told. Without it, only the terminal says so. */
  readonly notify?: (awaited: AwaitedApproval, signal: AbortSignal) => Promise<void>
  /** Has a credential issued for one step; rejects when it is refused. Without it, none can be issued. */
  readonly issue?: (ask: CredentialAsk, signal: AbortSignal) => Promise<string | undefined>
  /** Leases the environment, so that no two runs change it by one procedure; without it, nothing is leased. */
  readonly leases?: Pick<RunStore, 'lease'>
  /** Asks what earlier runs of the environment changed, and nobody has reverted; without it, nothing is said of them. */
  readonly earlier?: () => Promise<readonly UnrevertedChange[]>
  /** Asks which runs are under way in the environment; without it, nothing is said of them. */
  readonly beside?: () => Promise<readonly RunUnderWay[]>
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
  redaction: Redaction
  /** Hides one more secret from now on. */
  hide(secret: string): void
  readonly values: Record<string, Json>
  /** What diagnoses point to, and which of them does. */
  suggestions: readonly { readonly step: string; readonly by: string; readonly why: string }[]
  /** How steps ended before the run was resumed; each is taken from here once. */
  readonly recorded: Map<string, StepResult>
  /** Steps that may be only partially done before the run was resumed. */
  readonly half: Set<string>
  /** Steps that changed something, or may have begun to, in their order. */
  readonly taken: TakenStep[]
  /** Ids of the steps that were rolled back. */
  readonly undone: Set<string>
  /** What dangerous steps are going to touch, as it was frozen. */
  readonly plans: Map<string, Plan>
  /** What was approved for dangerous steps, and by which signature. */
  readonly approvals: Map<string, SignedApproval>
  /** The files of evidence that were kept, by step and by what the block calls them. */
  readonly evidence: Map<string, KeptEvidence>
  /** Who runs it on an account that several people use, once somebody said it. */
  person: string | undefined
  /** What steps found so far, a line each by their ids. */
  readonly found: Map<string, string>
  /** Tells, once, what other runs left and which are under way. A step that only reads begins meanwhile. */
  tellOthers(): Promise<unknown>
  /** How many places were opened for blocks: a step that is taken again has a new, empty one. */
  opened: number
  /** Whether a person has said that changes go on without being asked about. */
  unasked: boolean
  /** Whether a person wants to roll back what was done. */
  wantsRollBack: boolean
  /** The lease on the environment, once it is held. */
  lease: Lease | undefined
  /** The time of day. */
  today(): Date
  /** Tells a fact. Resolves when it is kept as firmly as it must be before the run goes on; never rejects. */
  emit(fact: RunFact): Promise<void>
}

/** Time as a run sees it. Processes' timeouts are not its matter: they are as real as the processes. */
export interface Clock {
  /** Milliseconds since some fixed instant. */
  now(): number
  /** The time of day, unless said that of this machine. */
  today?(): Date
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** The time that passes. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
}
