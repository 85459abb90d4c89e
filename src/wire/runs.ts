import type { Actor, OpenQuestion, RunEvent } from '../journal/index.ts'

/** Resumes a run whose runner is gone, or rolls back what it left. */
export interface TakeUpRun {
  readonly key: string
  /** SHA-256 of the page that the reader sees; another one is refused. */
  readonly contentHash: string
  /** The number of the last event that the reader has seen: what was resumed since is not resumed again. */
  readonly after: number
  /** What to do about a step that may be only partially done. */
  readonly interrupted?: 'repeat' | 'skip'
}

/** A run, for a line of a list. */
export interface RunCard {
  readonly run: string
  readonly procedure: string
  readonly title: string
  readonly environment: string
  readonly by: Actor
  /** Who said that they run it, on an account that is not theirs alone. Nobody proves it. */
  readonly claimed?: string
  readonly started: string
  readonly outcome?: string
}

/** Begins a run. The browser names a page by what it is and never sends code. */
export interface BeginRun {
  /** The same key twice begins one run. */
  readonly key: string
  readonly page: string
  /** SHA-256 of the page that the reader sees; another one is refused. */
  readonly contentHash: string
  readonly environment: string
  readonly params: Readonly<Record<string, string>>
  /** The alert that it is begun for. */
  readonly alert?: string
}

/** Answers a question of a run. The first answer counts, and the same key twice is one. */
export interface AnswerQuestion {
  readonly key: string
  readonly question: string
  readonly choice: string
  readonly reason?: string
  /** What was typed, where a dangerous step wants a word: see `findWordToType`. */
  readonly typed?: string
}

/** Adds a note to a run under way. */
export interface AddNote {
  readonly key: string
  readonly text: string
}

/** A run as it stands: every event so far, and what it asks. */
export interface RunNow {
  readonly card: RunCard
  /** Whether its runner was seen to be alive. */
  readonly running: boolean
  readonly events: readonly RunEvent[]
  readonly questions: readonly OpenQuestion[]
}

/**
 * A message of a run's stream: an event, or the questions when they changed. Its id is the event's number. `why` is why nothing more comes,
 * when that is not the run's end: its runner is gone, or its record is not what was written.
 */
export type RunMessage =
  | { readonly event: RunEvent }
  | { readonly questions: readonly OpenQuestion[] }
  | { readonly ended: true; readonly why?: string }

/** Somebody who looks at a run in a browser. */
export interface Watcher {
  readonly person: string
  /** In so many windows. */
  readonly windows: number
}

/** Who looks at a run in a browser, by name. Terminals that follow it are not known. */
export interface WatchersNow {
  readonly here: readonly Watcher[]
}
