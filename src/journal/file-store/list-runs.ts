import { readdir } from 'node:fs/promises'
import type { Actor } from '../event.ts'
import { foldRun } from '../run-state.ts'
import type { RecordedRun } from '../run-store.ts'
import type { Places } from './places.ts'
import { readLedger } from './read-ledger.ts'

/** Every run kept in a folder, newest first, and the names of what is none. */
export async function listRuns(
  places: Places,
  judge: (run: string, by: Actor) => Promise<'alive' | 'gone' | 'elsewhere'>,
): Promise<{ runs: RecordedRun[]; unreadable: string[] }> {
  const unreadable: string[] = []
  const read = await Promise.all(
    (await listNames(places)).map(name =>
      readRun(places, name, judge).catch(() => {
        unreadable.push(name)
        return undefined
      }),
    ),
  )
  return { runs: read.filter(run => run !== undefined), unreadable }
}

/** The names of everything in the folder of runs, newest first. */
export async function listNames({ runs }: Places): Promise<string[]> {
  return (await readdir(runs).catch((): string[] => [])).toSorted().reverse()
}

async function readRun(places: Places, name: string, judge: Parameters<typeof listRuns>[1]): Promise<RecordedRun> {
  const { events, badLine } = await readLedger(places.ledger(name))
  if (events.some(({ run }) => run !== name)) throw new Error('this is the ledger of another run')
  const state = foldRun(events)
  const running = state.outcome === undefined && state.by !== undefined && (await judge(name, state.by)) !== 'gone'
  return {
    ...state,
    ...(state.outcome === undefined && !running ? { outcome: 'interrupted' as const } : {}),
    ...(badLine === undefined ? {} : { badLine }),
    running,
  }
}
