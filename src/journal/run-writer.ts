import type { Actor, RunEvent, RunFact } from './event.ts'
import type { AskedQuestion, GivenNote, Question } from './question.ts'

/** What a runner writes of its run. */
export interface RunWriter {
  readonly run: string
  /** Where what was appended is kept by now. */
  readonly keeping: Keeping
  /** Where the run is recorded, and why not where it should be, if so. */
  readonly elsewhere?: { readonly folder: string; readonly why: string }
  /** Numbers, dates and keeps a fact, after all that were appended before. Never throws: a run goes on without its record. */
  append(fact: RunFact): Appended
  /** The hash that the chain ends with: it stands for everything before it. */
  head(): string
  /** Keeps bytes under a new name, made from what they are of. */
  openBlob(of: { readonly step: string; readonly attempt: number }, limit: number): BlobWriter
  /** The folder in which a step leaves its evidence. */
  evidenceFolder(step: string): string
  /** The name under which a file of that folder is kept. */
  nameEvidence(step: string, file: string): string
  /** Asks for the approval of a step, in place of what was asked and signed before. Rejects when that cannot be kept. */
  requestApproval(step: string, text: string): Promise<void>
  /** What was asked for last, perhaps before the run was resumed. */
  readApprovalRequest(step: string): Promise<string | undefined>
  /** The signature that was handed over last, if any. */
  readSignature(step: string): Promise<string | undefined>
  /** Asks a question that any client may answer. */
  ask(question: Question): Promise<AskedQuestion>
  /** The notes that were handed over and are not in the ledger, as they come; the last ones when the signal has aborted. */
  notes(signal: AbortSignal): AsyncIterable<GivenNote>
  /** Who asked for the run to be ended, once somebody does; nothing when the signal aborts before. */
  cancelRequested(signal: AbortSignal): Promise<CancelRequest | undefined>
  /** Waits until everything is kept, and gives the run's lease back. */
  close(): Promise<void>
}

/**
 * Where a run's facts are kept. All of them in its ledger; with a reason: it was not seen to reach the disk. Or the ledger's file takes
 * no more, and some are in room that was reserved for them, or in a file on another disk. They are read from there, and are written where
 * they belong once there is room. Or some nowhere but in memory, from a number on, until there is room.
 */
export type Keeping =
  | { readonly at: 'ledger'; readonly why?: string }
  | { readonly at: 'reserve'; readonly why: string }
  | { readonly at: 'elsewhere'; readonly why: string; readonly file: string }
  | { readonly at: 'nowhere'; readonly why: string; readonly from: number; readonly to?: number }

/** A fact that was appended. */
export interface Appended {
  readonly event: RunEvent
  /**
   * Resolves when it is kept as firmly as it must be before the run goes on. If a change or the run's end is judged by it, it is on disk
   * then. Any other is written at once, and gets there within moments. Never rejects: see `keeping`.
   */
  readonly kept: Promise<void>
}

/** Keeps bytes as they come. */
export interface BlobWriter {
  /** Takes them at once: whoever prints much waits for the disk, and nothing piles up in memory. */
  write(bytes: Buffer): void
  /** What was kept, and under which name; `problem` is why it is not all. */
  close(): KeptBlob
}

/** What was kept of a blob. */
export interface KeptBlob {
  readonly file?: string
  readonly kept: number
  readonly sha256: string
  readonly problem?: string
}

/** Somebody's wish that a run ends. */
export interface CancelRequest {
  readonly by: Actor
  /** ISO 8601, UTC. */
  readonly time: string
}
