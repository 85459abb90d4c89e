import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { foldRun, type RunState } from '../journal/index.ts'
import { judgeActor } from './judge-actor.ts'
import { readLedger } from './read-ledger.ts'

/** A run as its ledger tells it; one without an end whose runner is gone was interrupted. On another machine it counts as running. */
export interface RecordedRun extends RunState {
  readonly folder: string
  readonly running: boolean
  readonly badLine?: number
}

/** Every run kept in a folder, newest first. What cannot be read as a ledger is named in `unreadable`. */
export async function listRuns(runs: string): Promise<{ runs: RecordedRun[]; unreadable: string[] }> {
  const names = await readdir(runs).catch((): string[] => [])
  const unreadable: string[] = []
  const read = await Promise.all(
    names
      .toSorted()
      .reverse()
      .map(name =>
        readRun(join(runs, name)).catch(() => {
          unreadable.push(name)
          return undefined
        }),
      ),
  )
  return { runs: read.filter(run => run !== undefined), unreadable }
}

/** One run, from its folder. Rejects when it has no readable ledger. */
export async function readRun(folder: string): Promise<RecordedRun> {
  const { events, badLine } = await readLedger(folder)
  const state = foldRun(events)
  const running = state.outcome === undefined && state.by !== undefined && judgeActor(state.by) !== 'gone'
  return {
    ...state,
    ...(state.outcome === undefined && !running ? { outcome: 'interrupted' as const } : {}),
    ...(badLine === undefined ? {} : { badLine }),
    folder,
    running,
  }
}
