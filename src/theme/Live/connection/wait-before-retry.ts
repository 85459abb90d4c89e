/** The longest wait between two tries, in milliseconds. */
const LONGEST = 10_000

/**
 * Milliseconds to wait before another try, after so many that failed in a row: 0.25 s, 0.5 s, 1 s, and so on up to 10 s. `random` is from
 * 0 to 1: a fifth of the wait is by chance, so that many browsers do not come back at the same moment.
 */
export function waitBeforeRetry(failures: number, random: number): number {
  const wait = Math.min(LONGEST, 250 * 2 ** Math.max(0, failures - 1))
  return Math.round(wait * (0.8 + 0.2 * random))
}

/** Waits, but no longer than until the network or the reader is back, or the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      document.removeEventListener('visibilitychange', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    window.addEventListener('online', end)
    document.addEventListener('visibilitychange', end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
