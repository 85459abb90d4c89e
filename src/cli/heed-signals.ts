/** What ends a command, from a terminal or a service manager. */
const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Signals that abort when this process is told to end. */
export interface HeededSignals {
  /** Ends what is under way. */
  readonly signal: AbortSignal
  /** Aborts when this process is told a second time: what is under way gets no more time to end by itself. */
  readonly hurry: AbortSignal
  /** Heeds them from now on; before and after, they end the process. */
  readonly begin: () => void
  readonly end: () => void
}

/** Milliseconds after which a process that was told to end, and has not, can be ended by a further signal. */
const PATIENCE = 5000

/**
 * Turns what ends a process into signals: the first one cancels what is under way, the second one hurries. Neither ends the process, so
 * that the record is written to its end. A signal that comes more than 5 s after the first one ends it, whatever it waits for.
 */
export function heedSignals(): HeededSignals {
  const canceller = new AbortController()
  const hurrier = new AbortController()
  let first: number | undefined
  const heed = (name: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now()
      canceller.abort()
    } else if (performance.now() - first < PATIENCE) hurrier.abort()
    else {
      end()
      process.kill(process.pid, name)
    }
  }
  const end = () => {
    for (const name of NAMES) process.off(name, heed)
  }
  return {
    signal: canceller.signal,
    hurry: hurrier.signal,
    begin() {
      for (const name of NAMES) process.on(name, heed)
    },
    end,
  }
}
