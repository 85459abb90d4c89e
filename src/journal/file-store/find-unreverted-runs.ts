import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor, Cure, Standing } from '../event.ts'
import { judgeActor } from '../lease.ts'
import { foldRun, type RunState } from '../run-state.ts'
import type { UnrevertedRun } from '../run-store.ts'
import { listNames } from './list-runs.ts'
import { draftOf, type LedgerFiles, type Places } from './places.ts'
import { readLedger } from './read-ledger.ts'

/** What the index says of a run. It is believed only as long as the run's ledger looks as it did then. */
interface Entry {
  readonly run: string
  /** How the ledger looked: its size, and when it was written last. */
  readonly stamp: string
  readonly environment: string
  readonly procedure: string
  readonly title: string
  readonly started: string
  readonly finished?: string
  /** Who runs it, when it was not seen to end. */
  readonly by?: Actor
  /** What it left, or began to change when it was not seen to end. */
  readonly standing: readonly Standing[]
  readonly cures: readonly Cure[]
  /** The run that it rolled back, and which of its steps passed. */
  readonly rollsBack?: string
  readonly passed?: readonly string[]
}

/**
 * The runs of an environment that left changes unreverted, newest first. What the index says of a run is taken only when the line is
 * whole and the ledger is as it was; every other run is read, and its line written anew. So the index may be old, damaged or missing.
 */
export async function findUnrevertedRuns(places: Places, environment: string): Promise<UnrevertedRun[]> {
  const entries = await readEntries(places)
  const back = entries.filter(({ rollsBack }) => rollsBack !== undefined)
  return entries
    .filter(entry => entry.environment === environment && entry.rollsBack === undefined)
    .flatMap(entry => findChanges(entry, new Set(back.flatMap(listPassed(entry)))))
}

async function readEntries(places: Places): Promise<Entry[]> {
  const { known, lines } = await readIndex(places.index)
  const entries: Entry[] = []
  const fresh: Entry[] = []
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

/** The steps that passed in a roll back of a run, if that began after the run's end: it may have been resumed since. */
const listPassed =
  ({ run, finished = '' }: Entry) =>
  ({ rollsBack, started, passed = [] }: Entry): readonly string[] =>
    rollsBack === run && started >= finished ? passed : []

function describe(run: string, stamp: string, state: RunState): Entry {
  const { environment, procedure, title, started, finished, by, ending, cures, rollsBack, steps } = state
  return {
    run,
    stamp,
    environment,
    procedure,
    title,
    started,
    ...(finished === undefined ? {} : { finished }),
    ...(ending || !by ? {} : { by }),
    standing: ending ? state.standing : listBegun(state),
    cures,
    ...(rollsBack === undefined
      ? {}
      : { rollsBack, passed: steps.flatMap(({ id, status }) => (status === 'passed' ? id : [])) }),
  }
}

function findChanges(entry: Entry, passed: ReadonlySet<string>): UnrevertedRun[] {
  const { run, procedure, title, started, finished, by } = entry
  const interrupted = finished === undefined
  if (interrupted && by && judgeActor(by) === 'alive') return []
  const isLeft = ({ undoneBy }: { readonly undoneBy?: string }) => undoneBy === undefined || !passed.has(undoneBy)
  const standing = entry.standing.filter(isLeft)
  const cures = entry.cures.filter(isLeft)
  if (standing.length === 0 && cures.length === 0) return []
  return [{ run, procedure, title, started, standing, cures, interrupted }]
}

/** The changes that a run began which was not seen to end; which of them the page undoes, only the page knows. */
function listBegun({ start, steps }: RunState): Standing[] {
  const risks = new Map(start?.steps.map(({ id, risk }) => [id, risk]))
  return steps.flatMap(({ id, phase, begun, open }) =>
    (begun !== undefined || open) && phase !== 'roll-back' && risks.get(id) !== 'read' ? { step: id } : [],
  )
}

/** How a ledger looks from outside, with its reserve, if it has one: what has no room in the one is in the other. */
function stampOf({ ledger, reserve }: LedgerFiles): string | undefined {
  const own = statSync(ledger, { throwIfNoEntry: false })
  if (!own) return undefined
  const room = statSync(join(reserve, 'lines'), { throwIfNoEntry: false })
  return [own.size, own.mtimeMs, own.ino, ...(room ? [room.mtimeMs] : [])].join('-')
}

async function readIndex(file: string): Promise<{ known: Map<string, Entry>; lines: number }> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return { known: new Map(lines.flatMap(parse)), lines: lines.length }
}

async function writeIndex(file: string, fresh: readonly Entry[], all: readonly Entry[] | undefined): Promise<void> {
  const write = (entries: readonly Entry[]) => entries.map(writeLine).join('')
  if (!all) return appendFile(file, `\n${write(fresh)}`).catch(() => undefined)
  const draft = draftOf(file)
  await writeFile(draft, write(all))
    .then(() => rename(draft, file))
    .catch(() => rm(draft, { force: true }))
    .catch(() => undefined)
}

/** A line with its own sum: one that is not what was written is not believed. */
function writeLine(entry: Entry): string {
  const text = JSON.stringify(entry)
  return `${sumOf(text)} ${text}\n`
}

function parse(line: string): [string, Entry][] {
  const text = line.slice(SUM + 1)
  if (line.slice(0, SUM) !== sumOf(text)) return []
  const entry: Entry = JSON.parse(text)
  return [[entry.run, entry]]
}

const SUM = 16

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SUM)
}
