import type { LabContent } from '../journal/index.ts'
import type { LabStatus } from './lab-status.ts'

/**
 * Starts a deployment to practise on, breaks it from the outside, and takes it down. `handbook.yaml` names it under `lab`. Every lab is in
 * a folder, by which another process finds it. What cannot be done is thrown, as a `LabError` or any other error.
 */
export interface Lab {
  readonly profile: LabProfile
  /** The faults that deployments really have, and that runbooks heal. Without this list, any name is tried. */
  readonly faults: readonly Fault[] | undefined
  /** The faults that remove a property that a check guards. */
  readonly mutations: readonly Fault[]
  /** How it can be made, the usual way first; none when there is only one way. */
  readonly profiles: readonly Fault[]
  /** The same for the handbook's own files. */
  readonly workspaceMutations: readonly WorkspaceMutation[]
  /** The client that uses the deployment during drills. Without it, nobody knows whether anything was lost. */
  readonly workload: Workload | undefined
  /** Writes the first version of a new fault's source; nothing where the lab has no place for one. */
  readonly draftFault: ((fault: Fault) => FaultDraft) | undefined
  /** Returns when the deployment is ready. */
  up(options: LabOptions): Promise<UpLab>
  /** Ends the lab of a folder, or clears away what a killed lab left. `now` kills its processes at once. */
  down(directory: string, options?: { readonly now?: boolean }): Promise<LabEnding>
  /** The lab that runs in a folder; nothing when none does. */
  status(directory: string): Promise<LabStatus | undefined>
  /** Returns when the fault is in effect. */
  break(directory: string, fault: string): Promise<void>
  /** Undoes one fault, or all. Harmless when there is nothing to undo. */
  heal(directory: string, fault?: string): Promise<void>
  /**
   * What operators can set in the deployment, by name: the release, each key of the configuration. Drills compare it to see that a roll-back
   * step restores what was before. A lab without it has no such drills.
   */
  readonly look: ((status: LabStatus) => Promise<Settings>) | undefined
  /** The hashes of what proofs stand on, for the handbook in `root`; nothing where nobody can know. */
  snapshot(root: string): Promise<LabSnapshot | undefined>
}

/** What is set in a deployment, by name. */
export type Settings = Readonly<Record<string, string>>

/** What can be known of a lab before it is up. */
export interface LabProfile {
  /** The name of what the lab starts, as people call it. */
  readonly name: string
  /** The facts of the lab's target, with their types; without them, any fact is accepted. */
  readonly facts?: Readonly<Record<string, 'string' | 'number' | 'boolean'>>
  /** The lab's services; without them, any service is accepted. */
  readonly services?: readonly string[]
}

/** The options with which a lab is started. */
export interface LabOptions {
  /** The lab's own folder: empty, absent, or used by a lab before. */
  readonly directory: string
  /** The folder with the Prometheus rules. */
  readonly rules: string
  /** How the deployment is made, by a name of `profiles`; without it, in the usual way. */
  readonly profile?: string
  /** How many times faster than in production the rules' time passes. */
  readonly timeScale: number
  /** `true` demands alerts, `false` leaves them out. Otherwise the lab has alerts where this is possible. */
  readonly prometheus?: boolean
  /** Called for each part as it gets ready. */
  readonly log: (line: string) => void
  /** Ends the start early. */
  readonly signal?: AbortSignal
}

/** A lab that came up. */
export interface UpLab {
  /** Settles when the lab is down, no matter who ended it. A lab that cannot report this is asked for its status instead. */
  readonly ended?: Promise<void>
}

/** How a lab was ended: it was asked to end, the remains of a killed lab were cleared away, or there was nothing. */
export type LabEnding = 'ended' | 'cleared' | 'nothing'

/** The hashes that a lab's proofs depend on. */
export interface LabSnapshot {
  /** The hashes of the current sources. */
  readonly now: LabContent
  /** The hashes at the time when the running program was built from the sources; nothing when the sources themselves run. */
  readonly built?: LabContent
}

/** A way in which something can be broken, by name. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary?: string
}

/** The source of a fault that somebody starts to write. */
export interface FaultDraft {
  /** Relative to the handbook's root. */
  readonly path: string
  readonly text: string
  /** What the author must do so that the lab knows the fault. */
  readonly next: readonly string[]
}

/** A fault of the handbook's own files, made in a copy of them. It removes what a check of these files guards. */
export interface WorkspaceMutation extends Fault {
  /** Changes the copy in this folder. */
  start(folder: string): Promise<void>
}

/** A client that uses a deployment steadily during a drill, as its users do, and remembers everything that was acknowledged. */
export interface Workload {
  /** What is acknowledged, in the plural: `orders`. */
  readonly name: string
  /** How many have to be acknowledged before the fault, and again after it, so that the deployment counts as well. */
  readonly enough: number
  /** Begins to use the deployment. */
  start(lab: LabStatus): RunningWorkload
  /** Begins to use the deployment as a few customers do, while people practise on it; `tell` hears when what they do begins to fail. */
  practise?(lab: LabStatus, tell: (line: string) => void): RunningWorkload
}

/** A workload under way. */
export interface RunningWorkload {
  /** How many were acknowledged until now. */
  acknowledged(): number
  /** How it felt to those who use the deployment, until now. */
  felt(): Felt
  /** Begins nothing new, and ends what is under way. */
  stop(): Promise<void>
  /** Looks for everything that was acknowledged, for at most `timeout` milliseconds: how many were lost, and counts of its own. */
  verify(timeout: number): Promise<Losses>
}

/** How a drill felt to those who use the deployment. */
export interface Felt {
  /** The share of attempts that failed, from 0 to 1. */
  readonly failedShare: number
  /** The longest time in which nothing was acknowledged. */
  readonly longestGapSeconds: number
  /** What ended in each of equal spans of time, from the workload's start on. */
  readonly course?: Course
}

/** Attempts by when they ended, in spans that follow each other. */
export interface Course {
  /** The length of a span, in seconds. */
  readonly span: number
  /** Those that were acknowledged in time. */
  readonly well: readonly number[]
  /** Those that were acknowledged late. */
  readonly slow: readonly number[]
  /** Those that were given up. */
  readonly failed: readonly number[]
  /** After how many seconds an acknowledgement is late. */
  readonly late: number
}

/** The result for everything that was acknowledged. Something is lost if it is neither there nor held for a recorded reason. */
export interface Losses {
  readonly lost: number
  /** Counts of this workload's own, each by the word for it: `delivered`, `held`. */
  readonly counts?: Readonly<Record<string, number>>
}
