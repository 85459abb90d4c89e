import { appendFile, readFile } from 'node:fs/promises'
import type { RunEvent, Standing } from '../event.ts'
import { judgeActor } from '../lease.ts'
import { foldRun, type RunState } from '../run-state.ts'
import type { UnrevertedRun } from '../run-store.ts'
import { listNames } from './list-runs.ts'
import type { Places } from './places.ts'
import { readLedger } from './read-ledger.ts'

/** What the index says of a run that is over and left nothing unreverted, or rolled back another. */
interface Settled {
  readonly run: string
  /** The run that it rolled back, if it did. */
  readonly rollsBack?: string
  /** Which of its steps that undo something passed, of which page, where, and when it began. */
  readonly procedure?: string
  readonly environment?: string
  readonly started?: string
  readonly passed?: readonly string[]
}

/**
 * The runs of an environment that left changes unreverted, newest first. The index names the runs that need not be read for that: what
 * it does not name is read. So it may be old or missing, and runs may be killed, or recorded by whoever knows nothing of it.
 */
export async function findUnrevertedRuns(places: Places, environment?: string): Promise<UnrevertedRun[]> {
  const settled = await readIndex(places.index)
  const open: RunState[] = []
  const back: Settled[] = [...settled.values()]
  const fresh: Settled[] = []
  for (const name of await listNames(places)) {
    if (settled.has(name)) continue
    const events = await readLedger(places.ledger(name)).then(
      ({ events }) => events,
      (): RunEvent[] => [],
    )
    const state = foldRun(events)
    if (state.start === undefined) continue
    const entry = describe(name, state)
    if (isSettled(state)) fresh.push(entry)
    if (entry.passed !== undefined) back.push(entry)
    if (state.rollsBack !== undefined || isSettled(state)) continue
    if (environment === undefined || state.environment === environment) open.push(state)
  }
  if (fresh.length > 0) {
    const lines = fresh.map(entry => `${JSON.stringify(entry)}\n`).join('')
    // Without an index everything is read, as now.
    await appendFile(places.index, lines).catch(() => undefined)
  }
  return open
    .flatMap(state => findChanges(state, new Set(back.flatMap(listPassed(state)))))
    .toSorted((a, b) => (a.started < b.started ? 1 : a.started > b.started ? -1 : 0))
}

/**
 * The steps that passed in a roll back of a run, or in another run of its page in its environment, if that began after the run's end:
 * it may have been resumed since.
 */
const listPassed =
  ({ id, procedure, environment, started: begun, finished = begun }: RunState) =>
  (other: Settled): readonly string[] => {
    const { run, rollsBack, started = '', passed = [] } = other
    const same = other.procedure === procedure && other.environment === environment
    return run !== id && (rollsBack === id || same) && started >= finished ? passed : []
  }

/** Whether nothing can be left of a run: it is over, cannot be resumed, and undid what it changed. What rolls back is told of by what it rolls back. */
function isSettled({ outcome, refused, standing, cures, rollsBack }: RunState): boolean {
  if (outcome === undefined) return false
  if (rollsBack !== undefined) return true
  const resumable = refused !== undefined || outcome === 'interrupted' || outcome === 'cancelled'
  return !resumable && standing.length === 0 && cures.length === 0
}

function describe(run: string, { rollsBack, procedure, environment, started, start, steps }: RunState): Settled {
  const undoers = new Set(start?.steps.flatMap(({ id, meta }) => (meta?.undoes === undefined ? [] : id)))
  const passed = steps.flatMap(({ id, phase, status }) =>
    status === 'passed' && (rollsBack !== undefined || phase === 'roll-back' || undoers.has(id)) ? id : [],
  )
  if (rollsBack === undefined && passed.length === 0) return { run }
  return { run, ...(rollsBack === undefined ? {} : { rollsBack }), procedure, environment, started, passed }
}

function findChanges(state: RunState, passed: ReadonlySet<string>): UnrevertedRun[] {
  const { id, procedure, title, environment, started, by, ending } = state
  if (!ending && by && judgeActor(by) === 'alive') return []
  const isLeft = ({ undoneBy }: { readonly undoneBy?: string }) => undoneBy === undefined || !passed.has(undoneBy)
  const titles = new Map(state.steps.map(({ id, title }) => [id, title]))
  const standing = (ending ? state.standing : listBegun(state))
    .filter(isLeft)
    .map(change => ({ ...change, title: titles.get(change.step) ?? change.step }))
  const cures = state.cures.filter(isLeft)
  if (standing.length === 0 && cures.length === 0) return []
  return [{ run: id, procedure, title, environment, started, standing, cures, interrupted: !ending }]
}

/** The changes that a run began which was not seen to end; which of them the page undoes, only newer records say. */
function listBegun({ start, steps }: RunState): Standing[] {
  const told = new Map(start?.steps.map(step => [step.id, step]))
  const reverted = new Set(
    steps.flatMap(({ id, result }) => (result?.status === 'passed' ? (told.get(id)?.meta?.undoes ?? []) : [])),
  )
  return steps.flatMap(({ id, phase, begun, open }) => {
    if ((begun === undefined && !open) || phase === 'roll-back' || told.get(id)?.risk === 'read') return []
    const meta = told.get(id)?.meta
    if (!meta) return { step: id }
    if (meta.undoes !== undefined || reverted.has(id)) return []
    const undoer = start?.steps.find(step => step.meta?.undoes === id)
    if (undoer && (meta.temporary || undoer.meta?.when === undefined)) return { step: id, undoneBy: undoer.id }
    return meta.temporary ? { step: id } : []
  })
}

async function readIndex(file: string): Promise<Map<string, Settled>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return new Map(text.split('\n').flatMap(line => parse(line)))
}

/** A line that is not whole was being written, or never was: the run it is about is read then. */
function parse(line: string): [string, Settled][] {
  try {
    const entry: Settled = JSON.parse(line)
    return typeof entry.run === 'string' ? [[entry.run, entry]] : []
  } catch {
    return []
  }
}
