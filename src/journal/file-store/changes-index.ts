import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '../event.ts'
import { foldRun } from '../fold-run.ts'
import type { RunState } from '../run-state.ts'
import type { Cure, Standing, UnrevertedRun } from '../unreverted.ts'
import { listNames } from './list-runs.ts'
import { draftOf, type LedgerFiles, type Places } from './places.ts'
import { readLedger } from './read-ledger.ts'

/** What the index says of a run. It is believed only as long as the run's ledger looks as it did then. */
export interface RunChanges {
  readonly run: string
  /** How the ledger looked: its size, and when it was written last. */
  readonly stamp: string
  readonly environment: string
  /** Which deployment that was, where several come after each other. */
  readonly deployment?: string
  readonly procedure: string
  readonly title: string
  readonly started: string
  readonly finished?: string
  /** Who runs it, when it was not seen to end. */
  readonly by?: Actor
  /** What it left, or began to change when it was not seen to end. */
  readonly standing: UnrevertedRun['standing']
  readonly cures: readonly Cure[]
  /** The run that it rolled back, if it did. */
  readonly rollsBack?: string
  /** Which of its steps that undo something passed. */
  readonly passed: readonly string[]
}

/**
 * What each run of a folder changed. What the index says of a run is taken only when the line is whole and the ledger is as it was; every
 * other run is read, and its line is written anew. So the index may be old, damaged or missing.
 */
export async function readChanges(places: Places): Promise<RunChanges[]> {
  const { known, lines } = await readIndex(places.index)
  const entries: RunChanges[] = []
  const fresh: RunChanges[] = []
  for (const name of await listNames(places)) {
    const stamp = stampOf(places.ledger(name))
    const before = known.get(name)
    if (before && before.stamp === stamp) {
      entries.push(before)
      continue
    }
    const content = await readLedger(places.ledger(name)).catch(() => undefined)
    const state = foldRun(content?.events ?? [])
    if (stamp === undefined || state.start === undefined) continue
    const entry = describe(name, stamp, state)
    entries.push(entry)
    fresh.push(entry)
  }
  // Without an index everything is read, as now.
  if (fresh.length > 0) await writeIndex(places.index, fresh, lines > 2 * entries.length + 100 ? entries : undefined)
  return entries
}

function describe(run: string, stamp: string, state: RunState): RunChanges {
  const { environment, procedure, title, started, finished, by, ending, cures, rollsBack, steps, start } = state
  const { deployment } = start ?? {}
  const titles = new Map(steps.map(({ id, title }) => [id, title]))
  const undoers = new Set(start?.steps.flatMap(({ id, meta }) => (meta?.undoes === undefined ? [] : id)))
  return {
    run,
    stamp,
    environment,
    ...(deployment === undefined ? {} : { deployment }),
    procedure,
    title,
    started,
    ...(finished === undefined ? {} : { finished }),
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

/** How a ledger looks from outside, with its reserve, if it has one: what has no room in the one is in the other. */
function stampOf({ ledger, reserve }: LedgerFiles): string | undefined {
  const own = statSync(ledger, { throwIfNoEntry: false })
  if (!own) return undefined
  const room = statSync(join(reserve, 'lines'), { throwIfNoEntry: false })
  return [own.size, own.mtimeMs, own.ino, ...(room ? [room.mtimeMs] : [])].join('-')
}

async function readIndex(file: string): Promise<{ known: Map<string, RunChanges>; lines: number }> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return { known: new Map(lines.flatMap(parse)), lines: lines.length }
}

async function writeIndex(
  file: string,
  fresh: readonly RunChanges[],
  all: readonly RunChanges[] | undefined,
): Promise<void> {
  const write = (entries: readonly RunChanges[]) => entries.map(writeLine).join('')
  if (!all) return appendFile(file, `\n${write(fresh)}`).catch(() => undefined)
  const draft = draftOf(file)
  await writeFile(draft, write(all))
    .then(() => rename(draft, file))
    .catch(() => rm(draft, { force: true }))
    .catch(() => undefined)
}

/** A line with its own sum: one that is not what was written is not believed. */
function writeLine(entry: RunChanges): string {
  const text = JSON.stringify(entry)
  return `${sumOf(text)} ${text}\n`
}

function parse(line: string): [string, RunChanges][] {
  const text = line.slice(SUM + 1)
  if (line.slice(0, SUM) !== sumOf(text)) return []
  const entry: RunChanges = JSON.parse(text)
  return [[entry.run, entry]]
}

const SUM = 16

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SUM)
}
