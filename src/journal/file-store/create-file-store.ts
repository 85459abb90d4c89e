import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Actor } from '../event.ts'
import type { RunStore } from '../run-store.ts'
import type { RunWriter } from '../run-writer.ts'
import { hashKey, noteBeginning } from './beginnings.ts'
import { openBlob, writeBlob } from './blobs.ts'
import { forgetChanges, type IndexMemory } from './changes-index.ts'
import { claimLease, type FileLease, judgeRunner, RENEWS, sayHowToClear } from './claim-lease.ts'
import { findLaterReverts, findUnrevertedRuns } from './find-unreverted-runs.ts'
import { findHeld, findMissing, readHeads } from './heads.ts'
import { createIncidentFiles } from './incidents.ts'
import { listRuns, listUnderWay } from './list-runs.ts'
import { handNote, watchNotes } from './notes.ts'
import { isName, namePlaces, type Places } from './places.ts'
import { listPruned, pruneRuns, readTombstone } from './prune-runs.ts'
import { type RunChanges, readChanges } from './read-changes.ts'
import { readLedger, readLedgerBytes, watchRun, whyUnreadable } from './read-ledger.ts'
import {
  answerQuestion,
  askQuestion,
  awaitCancelRequest,
  listQuestions,
  readRequest,
  readReview,
  readSignature,
  withdrawCancelRequest,
  withdrawQuestions,
  writeCancelRequest,
  writeRequest,
  writeReview,
  writeSignature,
} from './requests.ts'
import { RESERVES, type ReserveSize, releaseReserve, whyFull, withRoom } from './reserve.ts'
import { makeFolder as makeSharedFolder, nameOwner } from './share.ts'
import { listUnlocked, unlock } from './unlock.ts'
import { type LedgerWriter, openLedger, reopenLedger } from './write-ledger.ts'

/** What a file store is made with. */
export interface FileStoreOptions {
  readonly now?: () => Date
  /** Milliseconds between two renewals of a lease. */
  readonly renews?: number
  /** A folder on another disk, for lines of ledgers that this one does not take any more. */
  readonly rests?: string
}

/** A store of runs that also begins one with less room than it wants. */
export interface FileStore extends RunStore {
  begin(run: string, by: Actor, reserve?: keyof typeof RESERVES): Promise<RunWriter>
  /** What each of its runs changed. */
  changes(): Promise<RunChanges[]>
}

/** A store of runs in a folder, which may be one that machines share. Nothing is made before it is needed. */
export function createFileStore(
  folder: string,
  { now = () => new Date(), renews = RENEWS, rests }: FileStoreOptions = {},
): FileStore {
  const places = namePlaces(folder, rests)
  const judge = (run: string, by: Actor) => judgeRunner(places.lease({ run }), by)
  /** Of the runs that this process runs or resumes. */
  const leases = new Map<string, FileLease>()
  const lease: RunStore['lease'] = async (subject, holder) => {
    const claim = await claimLease(places.lease(subject), holder, {
      renews,
      reserve: places.reserve(holder.run),
      clear: sayHowToClear(subject),
    })
    if (claim.held && 'run' in subject) leases.set(subject.run, claim.lease)
    return claim
  }
  const index: IndexMemory = {}
  const isLost = (run: string) => leases.get(run)?.isLost() ?? false
  return {
    async begin(run, by, reserve) {
      const begin = (size: keyof typeof RESERVES) =>
        beginLedger(places, { run, now, isLost: () => isLost(run) }, RESERVES[size])
      const ledger = reserve === undefined ? beginOneOf([() => begin('whole'), () => begin('small')]) : begin(reserve)
      // Without it other machines cannot tell whether the run is alive: that keeps nobody from running.
      const claim = await lease({ run }, { ...by, run, since: now().toISOString() }).catch(() => undefined)
      return makeWriter(places, ledger, { now, noted: new Set() }, async () => {
        if (claim?.held) await claim.lease.release().catch(() => undefined)
      })
    },
    whyFull: () => whyFull(places.runs, RESERVES.whole),
    async reopen(run) {
      const content = await readLedger(places.ledger(run))
      const ledger = reopenLedger(places.ledger(run), content, { run, now, isLost: () => isLost(run) })
      await forgetChanges(places, run)
      await withdrawCancelRequest(places.cancel(run))
      await withdrawQuestions(places.questions(run))
      const noted = new Set(content.events.flatMap(event => (event.type === 'run.noted' ? event.key : [])))
      return makeWriter(places, ledger, { now, noted }, async () => undefined)
    },
    async read(run) {
      const content = isName(run) ? await readLedger(places.ledger(run)).catch(() => undefined) : undefined
      if (!content) return undefined
      const { own: _, outside: __, seq: ___, ...recording } = content
      return { run, ...recording }
    },
    readLedger: run => readLedgerBytes(places.ledger(run)),
    heads: but => readHeads(places, but),
    heldHeads: run => (isName(run) ? findHeld([places], run) : Promise.resolve([])),
    missing: () => findMissing([places], readTombstone),
    async whyUnreadable(run) {
      const files = places.ledger(run)
      return readLedger(files).then(
        content => whyUnreadable(files, content),
        error => (isMissing(error) ? `${files.ledger} is not there` : describeError(error)),
      )
    },
    list: options => listRuns(places, judge, options),
    watch: (run, signal) => watchRun(places.ledger(run), signal),
    listQuestions: run => listQuestions(places.questions(run)),
    answer: (run, question, answer) => answerQuestion(places.questions(run), question, answer),
    handNote: (run, note) => handNote(places.notes(run), note),
    noteBeginning: (key, beginning) => noteBeginning(places.beginning(hashKey(key)), beginning),
    requestCancel: (run, by) => writeCancelRequest(places.cancel(run), { by, time: now().toISOString() }),
    readApprovalRequest: async (run, step) => (isName(step) ? readRequest(places.approval(run, step)) : undefined),
    approve: (run, step, signature) => writeSignature(places.approval(run, step), signature),
    review: (run, step, review) => writeReview(places.review(run, step), review),
    readReview: async (run, step) => (isName(step) ? readReview(places.review(run, step)) : undefined),
    blob: (run, name) => openBlob(places.run(run), name),
    evidenceFolder: places.evidence,
    lease,
    unlock: async (subject, by, reason) => unlock(places, subject, { by, reason, now: now() }),
    unlocked: () => listUnlocked(places),
    owner: async run => (isName(run) ? nameOwner(places.run(run)) : undefined),
    judgeRunner: judge,
    changes: () => readChanges(places, index),
    unreverted: async (environment, deployment) =>
      findUnrevertedRuns(await readChanges(places, index), { environment, deployment }),
    underWay: (environment, deployment) => listUnderWay(places, environment, deployment),
    laterReverts: async run => findLaterReverts(await readChanges(places, index), run),
    prune: options => pruneRuns(places, options),
    pruned: () => listPruned(places),
    readTombstone: run => readTombstone(places, run),
    incidents: createIncidentFiles(places.incidents, now),
  }
}

/** Makes a run's folder with its ledger and its reserve. Throws, and leaves nothing, when there is no room for both. */
function beginLedger(places: Places, options: Parameters<typeof openLedger>[2], size: ReserveSize): LedgerWriter {
  const { run } = options
  const isNew = makeFolder(places.run(run))
  try {
    return openLedger(places.ledger(run), size, options)
  } catch (error) {
    if (isNew) rmSync(places.run(run), { recursive: true, force: true })
    throw error
  }
}

/** The first that succeeds. Throws what the last one throws. */
function beginOneOf([first, ...others]: readonly (() => LedgerWriter)[]): LedgerWriter {
  if (!first) throw new Error('there is nothing to begin')
  if (others.length === 0) return first()
  try {
    return first()
  } catch {
    return beginOneOf(others)
  }
}

/** Makes a folder and those above it. Gives whether it is new. Throws what the disk says: Node takes a read-only one for a missing one. */
function makeFolder(folder: string): boolean {
  try {
    return makeSharedFolder(folder) !== undefined
  } catch (error) {
    let missing = folder
    while (!existsSync(dirname(missing))) missing = dirname(missing)
    if (!existsSync(missing)) mkdirSync(missing)
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** `noted`: the keys of the notes that the ledger has. */
function makeWriter(
  places: Places,
  ledger: LedgerWriter,
  { now, noted }: { readonly now: () => Date; readonly noted: ReadonlySet<string> },
  release: () => Promise<void>,
): RunWriter {
  const { run } = ledger
  const inReserve = <T>(work: () => T) => withRoom(places.reserve(run), work)
  /** A reserve that was needed is kept for whoever resumes the run: there may still be no room. */
  let needed = false
  const append: RunWriter['append'] = fact => {
    const appended = ledger.append(fact)
    needed ||= ledger.keeping.at !== 'ledger'
    return appended
  }
  return {
    run,
    get keeping() {
      return ledger.keeping
    },
    append,
    head: ledger.head,
    openBlob: ({ step, attempt }, limit) => writeBlob(places.run(run), `${step}.${attempt}`, limit),
    evidenceFolder(step) {
      const folder = places.evidence(run, step)
      // A colleague who resumes the run leaves evidence there, too. Where there is no room, whoever keeps it says so.
      try {
        makeSharedFolder(folder)
      } catch {}
      return folder
    },
    nameEvidence: (step, file) => `evidence/${step}/${file}`,
    requestApproval: async (step, text) => inReserve(() => writeRequest(places.approval(run, step), text)),
    readApprovalRequest: step => readRequest(places.approval(run, step)),
    readSignature: step => readSignature(places.approval(run, step)),
    ask: question => askQuestion(places.questions(run), question, now),
    notes: signal => watchNotes(places.notes(run), noted, signal),
    cancelRequested: signal => awaitCancelRequest(places.cancel(run), signal),
    async close() {
      await ledger.close()
      if (!needed) releaseReserve(places.reserve(run))
      await release()
    },
  }
}
