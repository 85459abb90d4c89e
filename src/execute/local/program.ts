import type { Writable } from 'node:stream'

/** A program that cannot get away: whatever it starts can be ended, also when the runner dies. */
export interface Supervisor {
  /** The number of the process that watches; none when it could not be started. */
  readonly pid: number | undefined
  /** How the program ended. Never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Where a program that reports reads requests. */
  readonly requests: Writable | undefined
  /** What runs now may go on. Resolves once that is noted, with the numbers of what was not spared before. */
  spare(): Promise<readonly number[]>
  /** Ends what the program left behind, but not the program. Resolves once it is done. */
  sweep(): Promise<void>
  /** Ends the program and everything it started, but what is spared: asks first, then does not ask. */
  end(): Promise<void>
  /** Ends the program, lets what else runs go on, and is gone itself when it resolves. */
  release(): Promise<void>
}

/** An exit code, a signal's number, or why there is neither. */
export type ProgramEnd = { readonly code: number } | { readonly signal: number } | { readonly lost: string }

/** What to run, and who listens. */
export interface Program {
  readonly command: readonly string[]
  readonly cwd: string
  /** The program's whole environment. */
  readonly variables: Readonly<Record<string, string>>
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
  /** Hears, line by line, a program that reports; it reads requests from file descriptor 3. */
  readonly onReport?: (line: string) => void
}

/** Starts a program under supervision. */
export type Supervise = (program: Program) => Supervisor
