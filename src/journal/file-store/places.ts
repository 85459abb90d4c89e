import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { LeaseSubject } from '../lease.ts'

/** The files in which the lines of one ledger may stand. */
export interface LedgerFiles {
  readonly run: string
  readonly ledger: string
  /** The folder of the reserve: lines that the ledger had no room for. */
  readonly reserve: string
  /** A file on another disk, for what neither took. */
  readonly rest?: string | undefined
}

/** Where the file store keeps what: a folder for each run, and beside them the leases on environments and the index. */
export interface Places {
  readonly runs: string
  /** A folder on another disk, with what neither a ledger nor its reserve took. */
  readonly rests?: string | undefined
  /** What each run left changed, so that not every ledger is read for that. */
  readonly index: string
  /** The newest names in the folder of runs, and how the folder looked when they were read. */
  readonly newest: string
  /** What is left of runs that were pruned. */
  readonly tombstones: string
  /** The leases that somebody cleared. */
  readonly unlocked: string
  /** The incidents, a folder each. */
  readonly incidents: string
  run(run: string): string
  ledger(run: string): LedgerFiles
  /** Room that a run takes at its start. */
  reserve(run: string): string
  lease(subject: LeaseSubject): string
  evidence(run: string, step: string): string
  approval(run: string, step: string): string
  review(run: string, step: string): string
  questions(run: string): string
  cancel(run: string): string
  notes(run: string): string
  /** What began a run, by the SHA-256 of the client's key. */
  beginning(hash: string): string
}

/** The places of a folder of runs; `rests` is a folder on another disk, for what does not fit here. */
export function namePlaces(runs: string, rests?: string): Places {
  const base = dirname(runs)
  return {
    runs,
    rests,
    index: join(base, 'changes.index'),
    newest: join(base, 'newest-runs'),
    tombstones: join(base, 'pruned.ndjson'),
    unlocked: join(base, 'unlocked.ndjson'),
    incidents: join(base, 'incidents'),
    run: run => join(runs, run),
    ledger: run => ({
      run,
      ledger: join(runs, run, 'ledger.ndjson'),
      reserve: join(runs, run, 'reserve'),
      rest: rests === undefined ? undefined : join(rests, `${run}.ndjson`),
    }),
    reserve: run => join(runs, run, 'reserve'),
    lease: subject =>
      'run' in subject
        ? join(runs, subject.run, 'lock')
        : join(base, 'locks', `${encodeURIComponent(subject.procedure)}@${nameDeployment(subject)}`),
    evidence: (run, step) => join(runs, run, 'evidence', step),
    review: (run, step) => join(runs, run, 'reviews', `${step}.json`),
    approval: (run, step) => join(runs, run, 'approvals', `${step}.txt`),
    questions: run => join(runs, run, 'questions'),
    cancel: run => join(runs, run, 'cancel.json'),
    notes: run => join(runs, run, 'notes'),
    beginning: hash => join(base, 'begun', `${hash}.json`),
  }
}

function nameDeployment({ environment, deployment }: Extract<LeaseSubject, { environment: string }>): string {
  return deployment === undefined ? environment : `${environment}-${deployment}`
}

/** Whether a word can be the name of a run or a step: nothing else becomes part of a path. */
export function isName(word: string): boolean {
  return /^[\w-]+$/.test(word)
}

/** A name beside a file for what becomes it in one go. Machines that share the folder have processes of the same number. */
export function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}`
}
