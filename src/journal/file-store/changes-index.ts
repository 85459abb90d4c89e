import { statSync } from 'node:fs'
import { appendFile, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Actor } from '../event.ts'
import { foldRun } from '../fold-run.ts'
import { isRunId, readRunTime } from '../run-id.ts'
import type { RunState } from '../run-state.ts'
import type { Cure, Standing, UnrevertedRun } from '../unreverted.ts'
import { listNames } from './list-runs.ts'
import { draftOf, type LedgerFiles, type Places } from './places.ts'
import { readLedger, whyUnreadable } from './read-ledger.ts'
import { shareFile } from './share.ts'

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

/** A line of the index. */
interface Line {
  readonly run: string
  /** How the ledger looked; empty when the run was resumed since. */
  readonly stamp: string
  /** The run's changes as JSON; empty when it is over, and changed and reverted nothing. */
  readonly text: string
}

/** So many of the newest runs are looked at even when they are over, and changed nothing. */
const NEWEST = 64

/**
 * What each run of a folder changed or reverted; runs that are over and did neither are left out. What the index says of a run counts
 * only when the line is whole and the ledger looks as it did then. Every other run is read, and its line is written anew. So the index
 * may be old, damaged or missing. An old run that is over and changed nothing is not looked at: whoever resumes it says so here.
 */
export async function readChanges(places: Places, memory: IndexMemory = {}): Promise<RunChanges[]> {
  const { known, count } = await readIndex(places.index, memory)
  const rests = new Set(places.rests === undefined ? [] : await readdir(places.rests).catch(() => []))
  const all: RunChanges[] = []
  const lines: Line[] = []
  const fresh: Line[] = []
  for (const [place, run] of (await listNames(places)).entries()) {
    const before = known.get(run)
    const { rest = '' } = rests.has(`${run}.ndjson`) ? places.ledger(run) : {}
    if (place >= NEWEST && before?.text === '' && rest === '') {
      lines.push(before)
      continue
    }
    const stamp = stampOf(places, run, before, rest)
    if (stamp === undefined) {
      // Whatever else lies there is no run.
      if (isRunId(run)) all.push(describeLost(run, `${places.ledger(run).ledger} is not there`))
      continue
    }
    if (before?.stamp === stamp) {
      if (before.text !== '') all.push(JSON.parse(before.text))
      lines.push(before)
      continue
    }
    const changes = await readOne(places.ledger(run))
    const matters =
      changes.by ||
      changes.unknown !== undefined ||
      changes.standing.length + changes.cures.length + changes.passed.length > 0
    if (matters) all.push(changes)
    const line = { run, stamp, text: matters ? JSON.stringify(changes) : '' }
    lines.push(line)
    fresh.push(line)
  }
  // Without an index everything is read, as now.
  if (fresh.length > 0) await writeIndex(places.index, fresh, count > 2 * lines.length + 100 ? lines : undefined)
  return all
}

/** Says that what the index says of a run is not so any more. */
export async function forgetChanges({ index }: Places, run: string): Promise<void> {
  await appendFile(index, `\n${write({ run, stamp: '', text: '' })}`)
    // Without an index all is read.
    .catch(() => rm(index, { force: true }))
    .catch(() => undefined)
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
    return { ...describe(run, foldRun(events)), ...(unknown === undefined ? {} : { unknown }) }
  } catch (error) {
    return describeLost(run, error instanceof Error ? error.message : String(error))
  }
}

/** A run of which nothing can be read: it may have changed anything, in any environment. */
function describeLost(run: string, unknown: string): RunChanges {
  const started = readRunTime(run)?.toISOString() ?? ''
  return { run, environment: '', procedure: '', title: '', started, standing: [], cures: [], passed: [], unknown }
}

function describe(run: string, state: RunState): RunChanges {
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

/**
 * How a ledger looks from outside: its size, when it was written last, and its file's number. With its reserve, if it has one: what has
 * no room in the one is in the other. A run takes its reserve when it begins, so one that had none then has none now. And with the file on
 * another disk, if there is one: a ledger that is read-only by now goes on there.
 */
function stampOf(places: Places, run: string, before: Line | undefined, rest: string): string | undefined {
  // Joined by hand: this is done for each of ten thousand runs before the first step of a new one.
  const folder = `${places.runs}${sep}${run}${sep}`
  const own = statSync(`${folder}ledger.ndjson`, { throwIfNoEntry: false })
  if (!own) return undefined
  const far = rest === '' ? undefined : statSync(rest, { throwIfNoEntry: false })
  const stamp = `${own.size}-${own.mtimeMs}-${own.ino}${far ? `-rest-${far.size}-${far.mtimeMs}` : ''}`
  if (before !== undefined && !before.stamp.includes(RESERVED)) return stamp
  const room = statSync(`${folder}reserve${sep}lines`, { throwIfNoEntry: false })
  return room ? `${stamp}${RESERVED}${room.mtimeMs}` : stamp
}

/** In a stamp, before the time at which the reserve was written last. */
const RESERVED = '-reserve-'

/** What was read of an index: a run reads it twice, and then only what was appended meanwhile. */
export interface IndexMemory {
  read?: { readonly known: Map<string, Line>; readonly count: number; readonly inode: number; readonly bytes: number }
}

/** The lines that count, and how many there are. An index that cannot be read has none. */
async function readIndex(
  file: string,
  memory: IndexMemory,
): Promise<Pick<NonNullable<IndexMemory['read']>, 'known' | 'count'>> {
  const index = await open(file, 'r').catch(() => undefined)
  if (!index) return { known: new Map(), count: 0 }
  try {
    const { ino: inode, size } = await index.stat()
    const before = memory.read?.inode === inode && memory.read.bytes <= size ? memory.read : undefined
    const { known, count, bytes } = before ?? { known: new Map<string, Line>(), count: 0, bytes: 0 }
    const { buffer, bytesRead } = await index.read(Buffer.alloc(size - bytes), 0, size - bytes, bytes)
    // Half a line may be one that is being written.
    const whole = buffer.lastIndexOf('\n', bytesRead) + 1
    const lines = buffer.toString('utf8', 0, whole).split('\n')
    for (const line of lines) {
      const read = parse(line)
      if (read?.stamp === '') known.delete(read.run)
      else if (read) known.set(read.run, read)
    }
    memory.read = { known, count: count + lines.length, inode, bytes: bytes + whole }
    return memory.read
  } finally {
    await index.close()
  }
}

async function writeIndex(file: string, fresh: readonly Line[], all: readonly Line[] | undefined): Promise<void> {
  if (!all)
    return appendFile(file, `\n${fresh.map(write).join('')}`).then(
      () => void shareFile(file),
      () => undefined,
    )
  const draft = draftOf(file)
  await writeFile(draft, all.map(write).join(''))
    .then(() => rename(shareFile(draft), file))
    .catch(() => rm(draft, { force: true }))
    .catch(() => undefined)
}

/** A line with its own sum: one that is not what was written is not believed. */
function write({ run, stamp, text }: Line): string {
  const content = `${JSON.stringify(run)} ${stamp} ${text}`
  return `${sumOf(content)} ${content}\n`
}

function parse(line: string): Line | undefined {
  const content = line.slice(SUM + 1)
  if (content === '' || line.slice(0, SUM) !== sumOf(content)) return undefined
  const first = content.indexOf(' ')
  const second = content.indexOf(' ', first + 1)
  return {
    run: content.slice(1, first - 1),
    stamp: content.slice(first + 1, second),
    text: content.slice(second + 1),
  }
}

/** Digits of a sum. */
const SUM = 8

/** What lines of before said of runs that they could not read counts no more: the sum is of this number, too. */
const VERSION = 2

function sumOf(content: string): string {
  return crc32(`${VERSION} ${content}`).toString(16).padStart(SUM, '0')
}
