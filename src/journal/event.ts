import type { Risk } from '../base/index.ts'
import type { AlertNow, AskedAlerts, StartAlert } from './asked-alerts.ts'
import type { MadeSilence } from './made-silence.ts'
import type { RunUnderWay } from './run-store.ts'
import type { Evidence, Json, LeftProcess, StepError, StepMeta, StepStatus } from './step-result.ts'
import type { Cure, Standing, UnrevertedChange } from './unreverted.ts'
import type { Basis } from './verdict.ts'

/** How a run ended. */
export type Outcome = 'healed' | 'passed' | 'ruled-out' | 'inconclusive' | 'failed' | 'cancelled' | 'interrupted'

/** Who started a run, and on which machine. */
export interface Actor {
  readonly user: string
  readonly host: string
  /** The runner's process number. */
  readonly pid: number
  /** When that process started, which tells it from a later one of the same number; not known everywhere. */
  readonly start?: string
}

/** A process as it was when it was noted. */
export interface NotedProcess {
  readonly pid: number
  readonly start: string
}

/** A run's ledger at some time, by the hash that its chain ended with; without it when nothing of it could be read. */
export interface RunHead {
  readonly run: string
  readonly head?: string
  /** The number of its last event then; older ledgers lack it. */
  readonly seq?: number
  /** The folder that it is kept in, when that is the account's own, where others do not look. */
  readonly folder?: string
}

/** What happened in a run, without its number and time. */
export type RunFact =
  | {
      readonly type: 'run.started'
      readonly procedure: string
      readonly path: string
      readonly title: string
      readonly environment: string
      /** Which deployment that is, where several come after each other: a lab's id. */
      readonly deployment?: string
      readonly target: Readonly<Record<string, Json>>
      readonly params: Readonly<Record<string, Json>>
      /** SHA-256 of the page. */
      readonly contentHash: string
      readonly by: Actor
      readonly mode: 'auto' | 'interactive'
      /** The id, title and phase of every step on the page, in its order. */
      readonly steps: readonly {
        readonly id: string
        readonly title: string
        readonly phase: string
        readonly risk: Risk
        /** SHA-256 of its block. */
        readonly blockHash?: string
        /** Runs recorded before it was kept have none. */
        readonly meta?: StepMeta
      }[]
      /** What the page was: a runbook, a guide. Older runs have none, nor the next one. */
      readonly kind?: string
      /** What the page said of each parameter: its type and limits, in words. */
      readonly declared?: Readonly<Record<string, string>>
      /** What else the environment gives to blocks, by name: the beginning of the SHA-256 of each. Older runs have none. */
      readonly surroundings?: Readonly<Record<string, string>>
      /** Values of steps before the one to begin at, as whoever started the run gave them. */
      readonly given?: Readonly<Record<string, Json>>
      /** The folder that blocks run in. */
      readonly cwd?: string
      /** The one step that was asked for, instead of the procedure. */
      readonly only?: string
      /** The step to begin at. */
      readonly from?: string
      /** The run that this one rolls back. */
      readonly rollsBack?: string
      /** The number of the last event that that run had then; older ledgers lack it. */
      readonly rollsBackFrom?: number
      /** Why nobody's approval is waited for in a protected environment. */
      readonly breakGlass?: string
      /** Why it may change something although nothing of it is recorded. */
      readonly unrecorded?: string
      /** The alert that it was started for; missing when none was named. */
      readonly alert?: StartAlert
      /** Nobody asked for it: the alert arrived, and only the cheap steps of Diagnose are taken. */
      readonly unasked?: true
      /** The newest runs of the store when this one began, with the heads of their ledgers then; older ledgers lack it. */
      readonly after?: readonly RunHead[]
    }
  /** Somebody went on with a run that had been interrupted, cancelled or refused. */
  | {
      readonly type: 'run.resumed'
      readonly by: Actor
      readonly mode: 'auto' | 'interactive'
      /** A step that may be only partially done, and what was decided about it. */
      readonly interrupted?: { readonly step: string; readonly decision: 'repeat' | 'skip' }
      readonly breakGlass?: string
      /** What is not as it was, and was accepted by whoever resumes the run. */
      readonly accepted?: readonly string[]
    }
  /** Somebody on an account that several people use said who they are; nobody proved it. */
  | { readonly type: 'run.claimed'; readonly person: string; readonly by: Actor }
  /** Somebody wrote something down while it went on. */
  | { readonly type: 'run.noted'; readonly text: string; readonly by: Actor; readonly key: string }
  /** Somebody answered what the run asked, elsewhere than where it runs. */
  | {
      readonly type: 'run.answered'
      readonly step: string
      readonly choice: string
      readonly reason?: string
      readonly by: Actor
    }
  /** With `beside`, of a run that is under way in the same environment. */
  | { readonly type: 'run.warned'; readonly message: string; readonly beside?: RunUnderWay }
  | {
      readonly type: 'phase.started'
      readonly phase: string
      /** Set when a run that goes well reverts its temporary changes. */
      readonly temporary?: true
    }
  | {
      readonly type: 'step.started'
      readonly step: string
      readonly title: string
      readonly phase: string
      readonly risk: Risk
      readonly attempt: number
      /** SHA-256 of the block that runs. */
      readonly blockHash: string
    }
  /** The process that watches over the step's own; when it is gone, so are they. */
  | { readonly type: 'step.supervised'; readonly step: string; readonly process: NotedProcess }
  /** What a dangerous step is going to touch was listed, before anybody is asked: it touches no more than that. */
  | {
      readonly type: 'step.planned'
      readonly step: string
      /** The step that listed it. */
      readonly by: string
      readonly items: readonly string[]
      /** SHA-256 of the items as JSON, a line each. */
      readonly hash: string
      /** ISO 8601, UTC: after it, a new plan is made. */
      readonly until: string
    }
  /** Somebody else than who runs this allowed a dangerous step. */
  | {
      readonly type: 'step.approved'
      readonly step: string
      /** The approver's name in `handbook.yaml`. */
      readonly by: string
      /** What was signed, to the letter. */
      readonly text: string
      /** The SSH signature, armoured; empty when the environment had allowed the step beforehand. */
      readonly signature: string
      /** To whom and up to how many things the environment had allowed it. */
      readonly beforehand?: { readonly role: string; readonly max: number }
    }
  /** A dangerous step of a protected environment begins with nobody's approval. */
  | { readonly type: 'step.unapproved'; readonly step: string; readonly reason: string; readonly by: Actor }
  | {
      readonly type: 'step.output'
      readonly step: string
      readonly stream: 'stdout' | 'stderr'
      readonly text: string
      /** Bytes that the step printed before this, and that no event tells: they are kept in a file. */
      readonly skipped?: number
      /** Bytes that the record had no room for, in place of the text. */
      readonly unkept?: number
    }
  /** A step printed more than is told: where it is whole. */
  | {
      readonly type: 'step.output-kept'
      readonly step: string
      /** Everything that it printed. */
      readonly bytes: number
      /** The name under which the store keeps it; missing when nothing could be kept. */
      readonly file?: string
      /** Bytes that are kept: fewer than were printed when that was more than the limit, or could not be written. */
      readonly kept: number
      /** SHA-256 of what is kept. */
      readonly sha256: string
      /** Why it could not be kept whole, but for the limit. */
      readonly problem?: string
    }
  | { readonly type: 'step.suggested'; readonly step: string; readonly suggests: string; readonly why: string }
  /** A step silenced alerts in the environment's Alertmanager. */
  | ({ readonly type: 'step.silenced'; readonly step: string } & MadeSilence)
  /** A silence that a step had made was ended. */
  | { readonly type: 'step.unsilenced'; readonly step: string; readonly id: string }
  | { readonly type: 'step.evidence'; readonly step: string; readonly evidence: Evidence }
  | { readonly type: 'step.retrying'; readonly step: string; readonly attempt: number; readonly error: StepError }
  | {
      readonly type: 'step.finished'
      readonly step: string
      readonly status: StepStatus
      readonly seconds: number
      readonly value?: Json
      /** Why a cause was ruled out, or a step skipped or blocked. */
      readonly reason?: string
      readonly error?: StepError
      /** False when nothing of the block was run. */
      readonly begun?: boolean
      /** What it left running: nobody hears how that ends. */
      readonly left?: readonly LeftProcess[]
    }
  | {
      readonly type: 'run.waiting'
      readonly for: 'confirmation' | 'approval'
      readonly step?: string
      readonly message: string
    }
  | {
      readonly type: 'run.finished'
      readonly outcome: Outcome
      readonly seconds: number
      readonly reason?: string
      readonly standing: readonly Standing[]
      /** What was taken and not undone, and is undone on a condition only; runs recorded before there were conditions have none. */
      readonly cures?: readonly Cure[]
      /** The steps that roll back what was really done, last one first. */
      readonly rollBack: readonly string[]
      /** Why the run was not allowed to go on. */
      readonly refused?: string
      /** What earlier runs of the environment changed, and nobody has reverted; missing when it was not asked. */
      readonly earlier?: readonly UnrevertedChange[]
      /** How many more of them there are than are recorded here. */
      readonly moreEarlier?: number
      /** What was asked about the page's alerts at the end; runs recorded before this was have none. */
      readonly alerts?: AskedAlerts
      /** What is known then of the alert that it was started for. */
      readonly alertNow?: AlertNow
      /** The steps that the outcome stands on; runs recorded before have none. */
      readonly basis?: Basis
    }

/** One line of a run's ledger. */
export type RunEvent = RunFact & {
  /** Counted from 1 within the run. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly time: string
  readonly run: string
}
