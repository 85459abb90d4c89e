import type { Trial } from '../readiness/index.ts'

/** What trials tell while they go on. */
export interface TrialListener {
  say(line: string): void
  /** A mutation was tried. */
  tried(trial: Trial, seconds: number): void
}
