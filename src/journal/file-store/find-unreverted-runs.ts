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
  /** The run that it rolled back, when it began, and which of its steps passed. */
  readonly rollsBack?: string
  readonly started?: string
  readonly passed?: readonly string[]
}

/**
 * The runs of an environment that left changes unreverted, newest first. The index names the runs that need not be read for that: what
 * it does not name is read. So it may be old or missing, and runs may be killed, or recorded by whoever knows nothing of it.
 */
export async function findUnrevertedRuns(places: Places, environment: string): Promise<UnrevertedRun[]> {
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
    if (state.rollsBack !== undefined) back.push(entry)
    else if (!isSettled(state) && state.environment === environment) open.push(state)
  }
  if (fresh.length > 0) {
    const lines = fresh.map(entry => `${JSON.stringify(entry)}\n`).join('')
    // Without an index everything is read, as now.
    await appendFile(places.index, lines).catch(() => undefined)
  }
  return open.flatMap(state => findChanges(state, new Set(back.flatMap(listPassed(state)))))
}

/** The steps that passed in a roll back of a run, if that began after the run's end: it may have been resumed since. */
const listPassed =
  ({ id, finished = '' }: RunState) =>
  ({ rollsBack, started = '', passed = [] }: Settled): readonly string[] =>
    rollsBack === id && started >= finished ? passed : []

/** Whether nothing can be left of a run: it is over, cannot be resumed, and undid what it changed. What rolls back is told of by what it rolls back. */
function isSettled({ outcome, refused, standing, cures, rollsBack }: RunState): boolean {
  if (outcome === undefined) return false
  if (rollsBack !== undefined) return true
  const resumable = refused !== undefined || outcome === 'interrupted' || outcome === 'cancelled'
  return !resumable && standing.length === 0 && cures.length === 0
}

function describe(run: string, { rollsBack, started, steps }: RunState): Settled {
  if (rollsBack === undefined) return { run }
  return { run, rollsBack, started, passed: steps.flatMap(({ id, status }) => (status === 'passed' ? id : [])) }
}

function findChanges(state: RunState, passed: ReadonlySet<string>): UnrevertedRun[] {
  const { id, procedure, title, started, by, ending } = state
  if (!ending && by && judgeActor(by) === 'alive') return []
  const isLeft = ({ undoneBy }: { readonly undoneBy?: string }) => undoneBy === undefined || !passed.has(undoneBy)
  const standing = (ending ? state.standing : listBegun(state)).filter(isLeft)
  const cures = state.cures.filter(isLeft)
  if (standing.length === 0 && cures.length === 0) return []
  return [{ run: id, procedure, title, started, standing, cures, interrupted: !ending }]
}

/** The changes that a run began which was not seen to end; which of them the page undoes, only the page knows. */
function listBegun({ start, steps }: RunState): Standing[] {
  const risks = new Map(start?.steps.map(({ id, risk }) => [id, risk]))
  return steps.flatMap(({ id, phase, begun, open }) =>
    (begun !== undefined || open) && phase !== 'roll-back' && risks.get(id) !== 'read' ? { step: id } : [],
  )
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
