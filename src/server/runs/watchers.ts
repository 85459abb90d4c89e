import type { Watcher } from '../../wire/index.ts'

/** Milliseconds after which a window that says nothing is gone: it says every 3 s that it is there. */
export const GONE_AFTER = 8000

/** Who looks at which run. */
export interface Watchers {
  /** Whether a window is known to look at a run. */
  isHere(run: string, window: string): boolean
  arrive(run: string, window: string, person: string): void
  leave(run: string, window: string): void
  /** Who is here, each person once. */
  list(run: string): readonly Watcher[]
}

/** Keeps who looks at which run. A window that was cut off cannot say that it leaves: so each one has to go on saying that it is there. */
export function keepWatchers(now: () => number = () => performance.now()): Watchers {
  const runs = new Map<string, Map<string, { readonly person: string; readonly until: number }>>()
  const sweep = () => {
    for (const [run, windows] of runs) {
      for (const [window, { until }] of windows) if (until < now()) windows.delete(window)
      if (windows.size === 0) runs.delete(run)
    }
  }
  const find = (run: string) => {
    sweep()
    return runs.get(run)
  }
  return {
    isHere: (run, window) => find(run)?.has(window) ?? false,
    arrive(run, window, person) {
      const windows = find(run) ?? new Map()
      runs.set(run, windows.set(window, { person, until: now() + GONE_AFTER }))
    },
    leave: (run, window) => void find(run)?.delete(window),
    list(run) {
      const windows = new Map<string, number>()
      for (const { person } of find(run)?.values() ?? []) windows.set(person, (windows.get(person) ?? 0) + 1)
      return [...windows].map(([person, windows]) => ({ person, windows })).toSorted(byName)
    },
  }
}

function byName(one: Watcher, other: Watcher): number {
  return one.person.localeCompare(other.person, 'en')
}
