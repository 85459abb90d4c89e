import { setTimeout as sleep } from 'node:timers/promises'

/** Time as a run sees it. Processes' timeouts are not its matter: they are as real as the processes. */
export interface Clock {
  /** Milliseconds since some fixed instant. */
  now(): number
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** The time that passes. */
export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
}
