/** Mutations that are not made in the legacy lab, each with the reason. What they break is broken by others, or is not reconstructed. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'check-off': 'it would hide every fault of the pages',
  'endless-guessing': 'it sets a key that renamed-key does away with: the service would not start',
  'failed-reload': 'with deaf-to-sighup, the API reads no configuration again, right or wrong',
  'lock-removed': 'without a lock file nothing is built: it would hide what is wrong with builds',
  'quiet-logs': 'it would hide what is wrong with the log',
}

/**
 * Those whose defects run before all others. What some make of a line is no longer JSON, and the others must see it first; uploads that
 * others refuse must leak memory before.
 */
export const FIRST: readonly string[] = ['forged-lines', 'plain-logs', 'plain-worker-logs', 'leaking-uploads']

/** Those whose defects run after all others: a start that is slow comes before one that fails, and an answer is JSON until the end. */
export const LAST: readonly string[] = ['errors-at-start', 'plain-health']

/** Those that act on what is deployed already. */
export const AFTER: readonly string[] = ['half-restarted', 'previous-lost']
