import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import {
  checkLedger,
  describeLedgerCheck,
  type GivenHead,
  isBroken,
  type LedgerCheck,
  type MissingRun,
  type PrunedRun,
  type RunStore,
} from '../../journal/index.ts'
import { UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { describeRemoved, findRemoved, findRun, findStoreAround } from '../runs/find-run.ts'
import { readKeptHeads } from './kept-heads.ts'

/** Which run's ledger to verify, and against what. */
export interface VerifyOptions {
  /** The run's id; without it, every run. */
  readonly run?: string | undefined
  /** A head that somebody has: the hash, or at least its first twelve digits. */
  readonly head?: string | undefined
  /** An export of the run, or a proof that it made. */
  readonly against?: string | undefined
  /** A file of heads from a log store, of any runs. */
  readonly heads?: string | undefined
}

/** A run and what its ledger is worth. */
export interface VerifiedRun {
  readonly run: string
  readonly check: LedgerCheck | Unverified
}

/** A run whose ledger cannot be read at all, or is not there any more; and why, or who remembers it. */
export type Unverified =
  | { readonly state: 'unreadable'; readonly why: string }
  | ({ readonly state: 'missing' } & Omit<MissingRun, 'run'>)
  /** Nothing is there of it, and a file has its head. */
  | { readonly state: 'lost'; readonly by: string; readonly head: string }
  /** It was pruned; `matches`: the head that was kept here is one that the file has. */
  | { readonly state: 'pruned'; readonly by: string; readonly pruned: PrunedRun; readonly matches: boolean }

/** Whether a run is as it was, as far as anybody can tell. */
export function isVerified({ check }: VerifiedRun): boolean {
  switch (check.state) {
    case 'unreadable':
    case 'missing':
    case 'lost':
      return false
    case 'pruned':
      return check.matches
    default:
      return !isBroken(check)
  }
}

/** What a run's ledger is worth, in a sentence without its full stop. */
export function describeVerified({ check }: VerifiedRun): string {
  switch (check.state) {
    case 'unreadable':
      return `unreadable: ${check.why}`
    case 'missing':
      return `missing: ${describeRemoved(check)}`
    case 'lost':
      return `missing: ${check.by} has its head ${check.head.slice(0, 12)}, and it was not pruned: somebody removed it`
    case 'pruned':
      return describePruned(check)
    default:
      return describeLedgerCheck(check)
  }
}

function describePruned({ by, pruned, matches }: Extract<Unverified, { state: 'pruned' }>): string {
  const how = `pruned on ${pruned.pruned.slice(0, 16)}Z by ${pruned.by.user}@${pruned.by.host}`
  return matches
    ? `${how}: it ended with the head that ${by} has`
    : `${how}: the head that was kept of it, ${pruned.head.slice(0, 12)}, is none that ${by} has`
}

/**
 * Verifies the ledger of one run, or of all: each against the heads that later runs remember, and against one that is given. What is no
 * run's ledger at all is among them, and is named in `unreadable`, too. Throws a `UsageError` when there is no such run, or nothing to hold against it.
 */
export async function verifyRuns(
  { run, head, against, heads }: VerifyOptions,
  ports: Pick<Ports, 'cwd' | 'env'>,
): Promise<{ readonly runs: readonly VerifiedRun[]; readonly unreadable: readonly string[] }> {
  if ([head, against, heads].filter(given => given !== undefined).length > 1)
    throw new UsageError('--head, --against and --heads each say what to verify against', 'Give one of them')
  const kept = heads === undefined ? undefined : await readKeptHeads(heads, ports.cwd)
  if (run === undefined) {
    if (head !== undefined || against !== undefined)
      throw new UsageError('A head is of one run', 'Name the run: handbook runs verify RUN')
    return verifyAll(await findStoreAround(ports), kept)
  }
  const given = kept?.get(run)
  if (kept && !given)
    throw new UsageError(`${heads} has no head of run ${run}`, 'Without a run, each of its heads counts')
  const found = await findStoreAround(ports)
  const gone = await findRemoved(found, run)
  if (gone) return { runs: [{ run, check: { state: 'missing', by: gone.by, head: gone.head } }], unreadable: [] }
  const lost = given && (await findLost(found, run, given))
  if (lost) return { runs: [lost], unreadable: [] }
  const { store, recording } = await findRun(run, ports)
  const one = against === undefined ? readHead(head) : await readAnchor(run, against, ports.cwd)
  return { runs: [{ run, check: await checkLedger(store, recording, given ?? (one ? [one] : [])) }], unreadable: [] }
}

async function verifyAll(
  store: RunStore,
  kept: ReadonlyMap<string, readonly GivenHead[]> = new Map(),
): Promise<{ readonly runs: readonly VerifiedRun[]; readonly unreadable: readonly string[] }> {
  const listed = await store.list()
  const runs: VerifiedRun[] = []
  for (const { id } of listed.runs) {
    const recording = await store.read(id)
    if (recording) runs.push({ run: id, check: await checkLedger(store, recording, kept.get(id)) })
  }
  for (const name of listed.unreadable)
    runs.push({
      run: name,
      check: { state: 'unreadable', why: (await store.whyUnreadable(name)) ?? 'it was not there' },
    })
  for (const { run, ...missing } of await store.missing()) runs.push({ run, check: { state: 'missing', ...missing } })
  for (const [run, given] of kept) {
    const lost = runs.some(one => one.run === run) ? undefined : await findLost(store, run, given)
    if (lost) runs.push(lost)
  }
  return { runs, unreadable: listed.unreadable }
}

/** What became of a run of which somebody has heads, when its ledger is not there. */
async function findLost(store: RunStore, run: string, given: readonly GivenHead[]): Promise<VerifiedRun | undefined> {
  const last = given.at(-1)
  if (last === undefined || (await store.read(run))) return undefined
  const pruned = await store.readTombstone(run)
  if (!pruned) return { run, check: { state: 'lost', by: last.by, head: last.head } }
  const matches = given.some(({ head }) => head === pruned.head)
  return { run, check: { state: 'pruned', by: last.by, pruned, matches } }
}

function readHead(head: string | undefined): GivenHead | undefined {
  if (head === undefined) return undefined
  const hash = head.trim().toLowerCase()
  if (/^[0-9a-f]{12,64}$/.test(hash)) return { by: 'whoever gave --head', head: hash }
  throw new UsageError(
    `--head ${head} is no head of a ledger`,
    'Give its SHA-256, or at least the first 12 digits of it',
  )
}

/** The head that a file has of a run: a proof, or an export in any of the formats. */
async function readAnchor(run: string, path: string, cwd: string): Promise<GivenHead> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch(error => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  })
  const { head, of } = findHead(text)
  if (head === undefined)
    throw new UsageError(`${path} has no head of a ledger`, 'Give an export of the run, or a proof of static/proofs/')
  if (of === undefined ? !text.includes(run) : of !== run)
    throw new UsageError(`${path} is not of run ${run}${of === undefined ? '' : `, but of ${of}`}`)
  return { by: basename(path), head }
}

function findHead(text: string): { readonly head?: string | undefined; readonly of?: string | undefined } {
  const lines = text.trimEnd().split('\n')
  const last = parse(lines.at(-1) ?? '')
  if (typeof last?.chain === 'string') return { head: last.chain, of: asText(last.run) }
  const whole = parse(text)
  if (whole) {
    const ledger = isRecord(whole.ledger) ? asText(whole.ledger.head) : undefined
    return ledger === undefined
      ? { head: asText(whole.ledgerHead), of: asText(whole.run) }
      : { head: ledger, of: asText(whole.id) }
  }
  return { head: /chain head:? `?([0-9a-f]{64})/i.exec(text)?.[1] }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
