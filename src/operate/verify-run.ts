import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { checkLedger, type GivenHead, type LedgerCheck } from '../journal/index.ts'
import { UsageError } from './errors.ts'
import { findRun, findStoreAround } from './find-run.ts'
import type { Ports } from './ports.ts'

/** Which run's ledger to verify, and against what. */
export interface VerifyOptions {
  /** The run's id; without it, every run. */
  readonly run?: string | undefined
  /** A head that somebody has: the hash, or at least its first twelve digits. */
  readonly head?: string | undefined
  /** An export of the run, or a proof that it made. */
  readonly against?: string | undefined
}

/** A run and what its ledger is worth. */
export interface VerifiedRun {
  readonly run: string
  readonly check: LedgerCheck
}

/**
 * Verifies the ledger of one run, or of all: each against the heads that later runs remember, and against one that is given. What is no
 * run's ledger at all is named in `unreadable`. Throws a `UsageError` when there is no such run, or nothing to hold against it.
 */
export async function verifyRuns(
  { run, head, against }: VerifyOptions,
  ports: Pick<Ports, 'cwd' | 'env'>,
): Promise<{ readonly runs: readonly VerifiedRun[]; readonly unreadable: readonly string[] }> {
  if (head !== undefined && against !== undefined)
    throw new UsageError('--head is one head, and --against names a file that has one', 'Give one of them')
  if (run === undefined) {
    if (head !== undefined || against !== undefined)
      throw new UsageError('A head is of one run', 'Name the run: handbook runs verify RUN')
    const store = await findStoreAround(ports)
    const listed = await store.list()
    const runs: VerifiedRun[] = []
    for (const { id } of listed.runs) {
      const recording = await store.read(id)
      if (recording) runs.push({ run: id, check: await checkLedger(store, recording) })
    }
    return { runs, unreadable: listed.unreadable }
  }
  const { store, recording } = await findRun(run, ports)
  const given = against === undefined ? readHead(head) : await readAnchor(run, against, ports.cwd)
  return { runs: [{ run, check: await checkLedger(store, recording, given) }], unreadable: [] }
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
