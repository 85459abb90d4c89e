import { readdir } from 'node:fs/promises'
import type { Actor, RunEvent } from '../event.ts'
import { foldRun } from '../fold-run.ts'
import { isRunId, readRunTime } from '../run-id.ts'
import type { RunState } from '../run-state.ts'
import type { Cure, Standing, UnrevertedRun } from '../unreverted.ts'
import { type IndexMemory, type Line, QUIET, readIndex, stampOf, writeIndex } from './changes-index.ts'
import { listNames } from './list-names.ts'
import type { LedgerFiles, Places } from './places.ts'
import { readLedger, whyUnreadable } from './read-ledger.ts'

/** What a run changed, or reverted. */
export interface RunChanges {
  readonly run: string
  readonly environment: string
  /** Which deployment that was, where several come after each other. */
  readonly deployment?: string
  readonly procedure: string
  readonly title: string
  readonly started: string
  readonly finished?: string
  /** The numbers of the event with which it began last, and of the one with which it ended since. */
  readonly began?: number
  readonly ended?: number
  /** The other runs that there were when it began, each with the number of its last event then. */
  readonly after?: Readonly<Record<string, number>>
  /** Who runs it, when it was not seen to end. */
  readonly by?: Actor
  /** What it left, or began to change when it was not seen to end. */
  readonly standing: UnrevertedRun['standing']
  readonly cures: readonly Cure[]
  /** The run that it rolled back, if it did. */
  readonly rollsBack?: string
  /** Which of its steps that undo something passed. */
  readonly passed: readonly string[]
  /** Why not all is known of what it changed. */
  readonly unknown?: string
}

/** So many of the newest runs are looked at even when they are over. */
const NEWEST = 64

/**
 * What each run of a folder changed or reverted; runs that are over and did neither are left out. What the index says of a run counts
 * only when the line is whole and the ledger looks as it did then. Every other run is read, and its line is written anew. So the index
 * may be old, damaged or missing. An old run that is over is not looked at: whoever resumes it says so here.
 */
export async function readChanges(places: Places, memory: IndexMemory = {}): Promise<RunChanges[]> {
  const { known, count } = await readIndex(places.index, memory)
  const rests = new Set(places.rests === undefined ? [] : await readdir(places.rests).catch(() => []))
  const all: RunChanges[] = []
  const lines: Line[] = []
  const fresh: Line[] = []
  const newest = new Set<string>()
  for (const run of await listNames(places)) {
    if (newest.size < NEWEST) newest.add(run)
    const before = known.get(run)
    const { rest = '' } = rests.size > 0 && rests.has(`${run}.ndjson`) ? places.ledger(run) : {}
    const old = rest === '' && !newest.has(run)
    if (old && before?.stamp === QUIET) {
      lines.push(before)
      continue
    }
    const told = before && readText(before)
    const stamp = before && old && isOver(told) ? before.stamp : stampOf(places, run, before, rest)
    if (stamp === undefined) {
      // Whatever else lies there is no run.
      if (isRunId(run)) all.push(describeLost(run, `${places.ledger(run).ledger} is not there`))
      continue
    }
    if (before?.stamp === stamp) {
      if (told) all.push(told)
      lines.push(old && !told ? { ...before, stamp: QUIET } : before)
      continue
    }
    const changes = await readOne(places.ledger(run))
    const matters = !isOver(changes) || changes.standing.length + changes.cures.length + changes.passed.length > 0
    if (matters) all.push(changes)
    const line = { run, stamp: old && !matters ? QUIET : stamp, text: matters ? JSON.stringify(changes) : '' }
    lines.push(line)
    fresh.push(line)
  }
  // Without an index everything is read, as now.
  const needed = lines.filter(({ stamp }) => stamp !== QUIET).length
  if (fresh.length > 0) await writeIndex(places.index, fresh, count > 2 * needed + 100 ? lines : undefined)
  return all
}

/** What a line says that a run changed. A run asks twice, and there may be a thousand such lines. */
function readText(line: Line): RunChanges | undefined {
  if (line.text === '') return undefined
  const changes: RunChanges = parsed.get(line) ?? JSON.parse(line.text)
  parsed.set(line, changes)
  return changes
}

const parsed = new WeakMap<Line, RunChanges>()

/** Whether a run was seen to end, and all that it left is known. */
function isOver(changes: RunChanges | undefined): boolean {
  return changes?.by === undefined && changes?.unknown === undefined
}

/** What a run changed, as far as its ledger can be read. */
async function readOne(files: LedgerFiles): Promise<RunChanges> {
  const { run, ledger } = files
  try {
    const content = await readLedger(files)
    const why = whyUnreadable(files, content)
    if (why !== undefined) return describeLost(run, why)
    const { events, badLine, torn, newer } = content
    const unknown =
      newer ?? (badLine === undefined || torn ? undefined : `line ${badLine} of ${ledger} is not what was written`)
    return { ...describe(run, events), ...(unknown === undefined ? {} : { unknown }) }
  } catch (error) {
    return describeLost(run, error instanceof Error ? error.message : String(error))
  }
}

/** A run of which nothing can be read: it may have changed anything, in any environment. */
function describeLost(run: string, unknown: string): RunChanges {
  const started = readRunTime(run)?.toISOString() ?? ''
  return { run, environment: '', procedure: '', title: '', started, standing: [], cures: [], passed: [], unknown }
}

function describe(run: string, events: readonly RunEvent[]): RunChanges {
  const state = foldRun(events)
  const { environment, procedure, title, started, finished, by, ending, cures, rollsBack, steps, start } = state
  const { deployment } = start ?? {}
  const titles = new Map(steps.map(({ id, title }) => [id, title]))
  const undoers = new Set(start?.steps.flatMap(({ id, meta }) => (meta?.undoes === undefined ? [] : id)))
  return {
    run,
    environment,
    ...(deployment === undefined ? {} : { deployment }),
    procedure,
    title,
    started,
    ...(finished === undefined ? {} : { finished }),
    ...place(events),
    ...(ending || !by ? {} : { by }),
    standing: (ending ? state.standing : listBegun(state)).map(change => ({
      ...change,
      title: titles.get(change.step) ?? change.step,
    })),
    cures,
    ...(rollsBack === undefined ? {} : { rollsBack }),
    passed: steps.flatMap(({ id, phase, status }) =>
      status === 'passed' && (rollsBack !== undefined || phase === 'roll-back' || undoers.has(id)) ? id : [],
    ),
  }
}

/** Where a run stands among the others, as its events say: whatever the clocks say. */
function place(events: readonly RunEvent[]): Pick<RunChanges, 'began' | 'ended' | 'after'> {
  const start = events.find(({ type }) => type === 'run.started')
  const began = events.findLast(({ type }) => type === 'run.started' || type === 'run.resumed')?.seq
  const ended = events.findLast(({ type, seq }) => type === 'run.finished' && seq > (began ?? 0))?.seq
  const known = start?.type === 'run.started' ? start : undefined
  const after: Record<string, number> = {}
  for (const { run, seq } of known?.after ?? []) if (seq !== undefined) after[run] = seq
  if (known?.rollsBack !== undefined && known.rollsBackFrom !== undefined) after[known.rollsBack] = known.rollsBackFrom
  return {
    ...(began === undefined ? {} : { began }),
    ...(ended === undefined ? {} : { ended }),
    ...(Object.keys(after).length === 0 ? {} : { after }),
  }
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
