import type { LabContent } from '../journal/index.ts'
import type { Fault, FaultDraft, WorkspaceMutation } from './fault.ts'
import type { LabStatus } from './lab-status.ts'
import type { Workload } from './workload.ts'

/**
 * Stands up a deployment to practise on, breaks it from the outside, and takes it down: what `handbook.yaml` names under `lab`. Every
 * lab lives in a folder, by which another process finds it. What cannot be done is thrown, as a `LabError` or any other error.
 */
export interface Lab {
  readonly profile: LabProfile
  /** What deployments really break by, and runbooks heal. Not said: nobody knows, and any name is tried. */
  readonly faults: readonly Fault[] | undefined
  /** What takes a property from a deployment that a check guards. */
  readonly mutations: readonly Fault[]
  /** The same for the handbook's own files. */
  readonly workspaceMutations: readonly WorkspaceMutation[]
  /** What uses the deployment during drills; without it nobody knows whether anything was lost. */
  readonly workload: Workload | undefined
  /** Begins the source of a new fault; nothing where the lab has no place for one. */
  readonly draftFault: ((fault: Fault) => FaultDraft) | undefined
  /** Returns when the deployment is ready. */
  up(options: LabOptions): Promise<UpLab>
  /** Ends the lab of a folder, or clears away what a killed one left; `now` waits for nobody. */
  down(directory: string, options?: { readonly now?: boolean }): Promise<LabEnding>
  /** The lab that runs in a folder; nothing when none does. */
  status(directory: string): Promise<LabStatus | undefined>
  /** Returns when the fault is in effect. */
  break(directory: string, fault: string): Promise<void>
  /** Undoes one fault, or all; harmless when there is nothing to undo. */
  heal(directory: string, fault?: string): Promise<void>
  /** What proofs stand on, hashed, for the handbook in `root`; nothing where nobody can know. */
  snapshot(root: string): Promise<LabSnapshot | undefined>
}

/** What can be known of a lab before it is up. */
export interface LabProfile {
  /** What it stands up, as people call it. */
  readonly name: string
  /** The facts that it states of its target, with their types; any when not said. */
  readonly facts?: Readonly<Record<string, 'string' | 'number' | 'boolean'>>
  /** The services that it has; any when not said. */
  readonly services?: readonly string[]
}

/** What a lab is started with. */
export interface LabOptions {
  /** The lab's own folder: empty, absent, or used by a lab before. */
  readonly directory: string
  /** The folder with the Prometheus rules. */
  readonly rules: string
  /** How many times faster than in production the rules' time passes. */
  readonly timeScale: number
  /** `true` wants alerts, `false` leaves them out; else they are there where they can be. */
  readonly prometheus?: boolean
  /** Told of each part as it gets ready. */
  readonly log: (line: string) => void
  /** Ends the start early. */
  readonly signal?: AbortSignal
}

/** A lab that came up. */
export interface UpLab {
  /** Settles when it is down, whoever asked for that; a lab that cannot say so is asked for its status instead. */
  readonly ended?: Promise<void>
}

/** How a lab was ended: it was asked to, what a killed one had left was cleared away, or there was nothing. */
export type LabEnding = 'ended' | 'cleared' | 'nothing'

/** What a lab's proofs stand on. */
export interface LabSnapshot {
  /** As its sources are now. */
  readonly now: LabContent
  /** As they were when what would run was built from them; nothing when the sources themselves run. */
  readonly built?: LabContent
}
