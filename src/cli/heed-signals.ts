/** What ends a command, from a terminal or a service manager. */
const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that aborts when this process is told to end. */
export interface HeededSignals {
  readonly signal: AbortSignal
  /** Heeds them from now on; before and after, they end the process. */
  readonly begin: () => void
  readonly end: () => void
}

/** Turns what ends a process into a signal that cancels what is under way. Once: who asks again, ends the process. */
export function heedSignals(): HeededSignals {
  const canceller = new AbortController()
  const cancel = () => canceller.abort()
  return {
    signal: canceller.signal,
    begin() {
      for (const name of NAMES) process.once(name, cancel)
    },
    end() {
      for (const name of NAMES) process.off(name, cancel)
    },
  }
}
