/** Bounds of the wait between attempts, in milliseconds. */
export interface Backoff {
  readonly initial: number
  readonly max: number
}

/** The wait after a number of failed attempts: doubling up to the maximum, of which a random half is taken off. */
export function backoffDelay({ initial, max }: Backoff, failedAttempts: number, random: () => number): number {
  const full = Math.min(max, initial * 2 ** Math.min(failedAttempts - 1, 30))
  return Math.round(full * (0.5 + random() / 2))
}
