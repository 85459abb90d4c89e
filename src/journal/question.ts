import type { Actor } from './event.ts'

/** What a run asks. */
export interface Question {
  readonly step: string
  /** What it is about, in a sentence. */
  readonly message: string
  /** The page's first sentence about the step, if it says one. */
  readonly about?: string
  /** The answers that it takes. */
  readonly choices: readonly string[]
  /** Those of them that want a reason. */
  readonly withReason: readonly string[]
}

/** A question that waits for an answer. */
export interface OpenQuestion extends Question {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly asked: string
}

/** What somebody says to a question. */
export interface GivenAnswer {
  readonly choice: string
  readonly reason?: string
  readonly by: Actor
  /** Tells an answer that is sent again from another one. */
  readonly key?: string
}

/** What somebody writes down while a run goes on; the same key twice is one note. */
export interface GivenNote {
  readonly key: string
  readonly text: string
  readonly by: Actor
}

/** A question that was asked, for whoever asked it. */
export interface AskedQuestion {
  /** The answer, once some client gives one; nothing when the signal aborts before. */
  answered(signal: AbortSignal): Promise<GivenAnswer | undefined>
  /** Answers it here. Gives the answer that counts: another client may have been first. */
  settle(answer: GivenAnswer): Promise<GivenAnswer>
}
