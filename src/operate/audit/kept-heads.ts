import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { findHandbookRoot } from '../../handbook/index.ts'
import type { GivenHead } from '../../journal/index.ts'
import { UsageError } from '../errors.ts'
import { findStore } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { describeUnread, readSince } from './audit.ts'

/** A line for a log store: a run, and the head that its ledger has now. */
interface KeptHead {
  readonly run: string
  readonly head: string
  /** When it got that: ISO 8601, UTC. */
  readonly time: string
  readonly events: number
}

/** The heads of all runs, oldest first, for a log store elsewhere: what is kept there cannot be made anew here. `unread`: the runs that have none. */
export async function listHeads(
  since: string | undefined,
  { cwd, env }: Pick<Ports, 'cwd' | 'env'>,
  now = new Date(),
): Promise<{ readonly heads: readonly KeptHead[]; readonly unread: readonly string[] }> {
  const from = since === undefined ? '' : readSince(since, now)
  const store = findStore(findHandbookRoot(cwd), env)
  const heads: KeptHead[] = []
  const { runs, unreadable } = await store.list()
  const unread = await Promise.all(unreadable.map(name => describeUnread(store, name)))
  for (const { id } of runs) {
    const recording = await store.read(id)
    const time = recording?.events.at(-1)?.time ?? ''
    if (!recording || (recording.badLine !== undefined && !recording.torn)) unread.push(await describeUnread(store, id))
    else if (time >= from) heads.push({ run: id, head: recording.head, time, events: recording.events.length })
  }
  return { heads: heads.reverse(), unread }
}

/**
 * The heads that a file from a log store has, by run: lines as `listHeads` gives them, perhaps behind what the log store puts before
 * each. Throws a `UsageError` when it cannot be read, has none, or has a line that is none: a head that is overlooked is not verified.
 */
export async function readKeptHeads(path: string, cwd: string): Promise<ReadonlyMap<string, readonly GivenHead[]>> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch(error => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  })
  const heads = new Map<string, GivenHead[]>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = readHead(line)
    if (!read) throw new UsageError(`Line ${index + 1} of ${path} has no head of a run`, HINT)
    heads.set(read.run, [...(heads.get(read.run) ?? []), { by: basename(path), head: read.head }])
  }
  if (heads.size === 0) throw new UsageError(`${path} has no head of a run`, HINT)
  return heads
}

const HINT = 'Give only the lines that handbook audit heads printed'

function readHead(line: string): { readonly run: string; readonly head: string } | undefined {
  try {
    const { run, head }: { readonly run?: unknown; readonly head?: unknown } = JSON.parse(line.slice(line.indexOf('{')))
    return typeof run === 'string' && typeof head === 'string' && /^[0-9a-f]{64}$/.test(head)
      ? { run, head }
      : undefined
  } catch {
    return undefined
  }
}
