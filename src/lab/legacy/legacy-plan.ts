/** Mutations that are not made in the legacy lab, each with the reason. What they break is broken by others, or is not reconstructed. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'check-off': 'it would hide every fault of the pages',
  'endless-guessing': 'it sets a key that renamed-key does away with: the service would not start',
  'failed-reload': 'with deaf-to-sighup, the API reads no configuration again, right or wrong',
  'quiet-logs': 'it would hide what is wrong with the log',
  'unpinned-package': 'with lock-removed, there is no lock file to edit',
}

/** Those whose defects run before all others: what they make of a line is no longer JSON, and the others must see it first. */
export const FIRST: readonly string[] = ['forged-lines', 'plain-logs', 'plain-worker-logs']

/** Those whose defects run after all others: what they make of an answer is no longer JSON. */
export const LAST: readonly string[] = ['plain-health']

/** Those that act on what is deployed already. */
export const AFTER: readonly string[] = ['half-restarted', 'previous-lost']
