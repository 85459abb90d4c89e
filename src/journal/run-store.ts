import type { Actor, Outcome, RunEvent, RunHead } from './event.ts'
import type { IncidentStore } from './incident/incident-store.ts'
import type { Claim, Holder, LeaseSubject, Unlocked, Unlocking } from './lease.ts'
import type { GivenAnswer, GivenNote, OpenQuestion } from './question.ts'
import type { RunState } from './run-state.ts'
import type { RunWriter } from './run-writer.ts'
import type { LaterRevert, UnrevertedRun } from './unreverted.ts'

/**
 * What remembers runs: files here, a database for teams later. Only the store knows where anything is. What cannot be kept rejects,
 * but for a run under way, which goes on without its record.
 */
export interface RunStore {
  /** Begins a run and takes its lease. Rejects when there is one of this id, or when nothing can be kept. */
  begin(run: string, by: Actor): Promise<RunWriter>
  /** Why a new run cannot be recorded in its usual place; nothing when it can. Writes nothing. */
  whyFull(): Promise<string | undefined>
  /** Resumes a run whose lease is held. Half an event at its end is cut off. Rejects when nothing can be kept. */
  reopen(run: string): Promise<RunWriter>
  /** A run's events, verified; nothing when there is no such run. */
  read(run: string): Promise<Recording | undefined>
  /** A run's ledger as it is kept, byte by byte: only those bytes have the hashes that its chain is made of. */
  readLedger(run: string): Promise<Buffer>
  /** The newest runs but that new one, with the heads of their ledgers, for its first event: so none can be made anew unseen. */
  heads(but?: string): Promise<readonly RunHead[]>
  /** What the runs around a run remember of it. */
  heldHeads(run: string): Promise<readonly HeldHead[]>
  /** The runs that others remember, and of which nothing is there, newest first. Reads the start of every run. */
  missing(): Promise<readonly MissingRun[]>
  /** Why a run cannot be read, with the place of what is there of it. Nothing when it can. */
  whyUnreadable(run: string): Promise<string | undefined>
  /** Every run, newest first, or so many of them. */
  list(options?: { readonly limit?: number }): Promise<RunList>
  /** The events of a run from its first on, as they come, until it ends or the signal aborts. Throws for what was not written by its runner. */
  watch(run: string, signal: AbortSignal): AsyncIterable<RunEvent>
  /** The questions of a run that wait for an answer. */
  listQuestions(run: string): Promise<readonly OpenQuestion[]>
  /** Answers a question, if nobody did before: the first answer counts. One with the same key is that answer. */
  answer(run: string, question: string, answer: GivenAnswer): Promise<'accepted' | 'answered' | 'unknown'>
  /** Hands a note to a run's runner, which records it: only it writes the ledger. Gives the note of that key: another one when it was used before. */
  handNote(run: string, note: GivenNote): Promise<GivenNote>
  /** Notes that a key begins a run. Gives the run of that key: another one than this when it was noted before. */
  noteBeginning(key: string, beginning: Beginning): Promise<Beginning>
  /** Asks a run's runner to end it. The request stands until the run is resumed. */
  requestCancel(run: string, by: Actor): Promise<void>
  /** What is to be signed so that a step may run; nothing when that was not asked for. */
  readApprovalRequest(run: string, step: string): Promise<string | undefined>
  /** Hands over a signature of what was asked for. */
  approve(run: string, step: string, signature: string): Promise<void>
  /** Writes down that somebody looked at a step that nobody else had allowed when it ran. Rejects when that cannot be kept. */
  review(run: string, step: string, review: Review): Promise<void>
  /** What somebody said who looked at it; nothing as long as nobody did. */
  readReview(run: string, step: string): Promise<Review | undefined>
  /** What a run keeps under a name that its events give. */
  blob(run: string, name: string): Promise<StoredBlob>
  /** The folder in which a step of a run leaves its evidence. */
  evidenceFolder(run: string, step: string): string
  /** Takes a lease, perhaps after watching whether its holder renews it. Rejects when none can be written. */
  lease(subject: LeaseSubject, holder: Holder): Promise<Claim>
  /** Clears a lease that nobody can be seen to hold, and records who did so and why. */
  unlock(subject: LeaseSubject, by: Actor, reason: string): Promise<Unlocking>
  /** Whose what is kept of a run is, also of one that may not be read; nothing when there is none. */
  owner(run: string): Promise<string | undefined>
  /** The leases that somebody cleared, oldest first. Rejects when it cannot be read. */
  unlocked(): Promise<readonly Unlocked[]>
  /** Whether a run's runner is still there: by its process on its own machine, by its lease on another; `elsewhere` when neither tells. */
  judgeRunner(run: string, by: Actor): Promise<'alive' | 'gone' | 'elsewhere'>
  /** The runs of an environment, or of all, that left changes unreverted, newest first; what later runs reverted is not among them. With a deployment, without those of another one. */
  unreverted(environment?: string, deployment?: string): Promise<readonly UnrevertedRun[]>
  /** The runs that are under way in an environment, newest first; with a deployment, without those in another one. */
  underWay(environment: string, deployment?: string): Promise<readonly RunUnderWay[]>
  /** What later runs may have undone of a run. */
  laterReverts(run: string): Promise<readonly LaterRevert[]>
  /** Removes old runs, and leaves a tombstone of each. Rejects when that cannot be written; what was not removed by then is as it was. */
  prune(options: PruneOptions): Promise<PruneResult>
  /** What is left of all runs that were pruned, oldest first. Rejects when it cannot be read. */
  pruned(): Promise<readonly PrunedRun[]>
  /** What is left of a run that was pruned, if it was. */
  readTombstone(run: string): Promise<PrunedRun | undefined>
  /** What is kept of incidents, beside the runs. */
  readonly incidents: IncidentStore
}

/** A run that a client asked for, by its key, so that asking twice begins one. */
export interface Beginning {
  readonly run: string
  /** SHA-256 of what was asked for. */
  readonly order: string
}

/** Some runs or all, newest first. */
export interface RunList {
  readonly runs: readonly RecordedRun[]
  /** What was looked at, and cannot be read as a run. */
  readonly unreadable: readonly string[]
  /** How many there are, with those that were not looked at. */
  readonly total: number
}

/** Which runs to prune. */
export interface PruneOptions {
  /** Those that ended before it. */
  readonly before: Date
  readonly by: Actor
  readonly now: Date
  /** Whether nothing is removed. */
  readonly dryRun: boolean
}

/** Which old runs were pruned, and which stay. */
export interface PruneResult {
  readonly pruned: readonly PrunedRun[]
  readonly kept: readonly KeptRun[]
}

/** What is left of a run that was pruned. */
export interface PrunedRun {
  readonly run: string
  readonly procedure: string
  readonly environment: string
  readonly outcome: Outcome
  /** ISO 8601, UTC, as are the next ones. */
  readonly started: string
  readonly finished: string
  /** The hash that its ledger ended with. */
  readonly head: string
  readonly pruned: string
  readonly by: Actor
}

/** An old run that is not pruned, and why. */
export interface KeptRun {
  readonly run: string
  readonly procedure: string
  readonly reason: string
}

/** A run that has not ended, whose runner holds its lease. */
export interface RunUnderWay {
  readonly run: string
  readonly procedure: string
  /** The page's title. */
  readonly page: string
  readonly by: Actor
  /** ISO 8601, UTC. */
  readonly since: string
  /** Whether its runner was seen: not from another machine. */
  readonly sure: boolean
}

/** A run that others remember, and of which nothing is there, not even a tombstone. */
export interface MissingRun {
  readonly run: string
  /** The runs that remember it. */
  readonly by: readonly string[]
  /** The hash that its ledger had when one of them began. */
  readonly head: string
}

/** What a later run remembers of a run, from the time at which it began. */
export interface HeldHead {
  /** The later run. */
  readonly by: string
  /** When that began: ISO 8601, UTC. */
  readonly time: string
  /** On which machine. */
  readonly host: string
  /** Whether the run was there for it. */
  readonly known: boolean
  /** The head that it saw, if it could read one. */
  readonly head?: string
}

/** A kept blob, perhaps gone by now. */
export interface StoredBlob {
  /** Its size; missing when it is gone. */
  readonly bytes?: number
  /** Its first bytes, at most so many. */
  readStart(length: number): Promise<Buffer>
  /** Its SHA-256, as hex. */
  hash(): Promise<string>
  /** Copies it into a file. */
  copyTo(path: string): Promise<void>
  /** Where it is found by whoever reads a document in this folder, as a relative URL. */
  linkFrom(folder: string): string
}

/** What is kept of a run. */
export interface Recording {
  readonly run: string
  readonly events: readonly RunEvent[]
  /** The hash that the chain ends with. */
  readonly head: string
  /** The first line that is not what was written, counted from 1. Events from there on are left out. */
  readonly badLine?: number
  /** Whether that is half a line at the end: the runner was ended while it wrote it. */
  readonly torn?: true
  /** Why this version cannot read all of it: the events from there on are left out. */
  readonly newer?: string
}

/** A run as its events tell it. If it has no end and its runner is gone, it was interrupted. */
export interface RecordedRun extends RunState, Pick<Recording, 'badLine' | 'torn' | 'newer'> {
  readonly running: boolean
}

/** What somebody said who looked at a step after it ran. */
export interface Review {
  readonly by: Actor
  /** Who they said that they were, on an account that several people use. */
  readonly claims?: string
  /** Whether they ran it themselves, where nobody else was named who could have looked at it. */
  readonly own?: true
  /** ISO 8601, UTC. */
  readonly time: string
  readonly says: string
}
