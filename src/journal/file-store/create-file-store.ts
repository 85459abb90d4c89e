import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Actor } from '../event.ts'
import type { Recording, RunStore, RunWriter } from '../run-store.ts'
import { openBlob, writeBlob } from './blobs.ts'
import { claimLease, type FileLease } from './claim-lease.ts'
import { findUnrevertedRuns } from './find-unreverted-runs.ts'
import { findHeld, readHeads } from './heads.ts'
import { judgeRunner } from './judge-runner.ts'
import { listRuns } from './list-runs.ts'
import { isName, namePlaces, type Places } from './places.ts'
import { answerQuestion, askQuestion, listQuestions } from './questions.ts'
import { readLedger, watchRun } from './read-ledger.ts'
import {
  awaitCancelRequest,
  readRequest,
  readSignature,
  withdrawCancelRequest,
  writeCancelRequest,
  writeRequest,
  writeSignature,
} from './requests.ts'
import { type LedgerWriter, openLedger, reopenLedger } from './write-ledger.ts'

/** Milliseconds between two renewals of a lease. */
const RENEWS = 1000

/** What a file store is made with. */
export interface FileStoreOptions {
  readonly now?: () => Date
  /** Milliseconds between two renewals of a lease. */
  readonly renews?: number
}

/** A store of runs in a folder, which may be one that machines share. Nothing is made before it is needed. */
export function createFileStore(
  folder: string,
  { now = () => new Date(), renews = RENEWS }: FileStoreOptions = {},
): RunStore {
  const places = namePlaces(folder)
  const judge = (run: string, by: Actor) => judgeRunner(places.lease({ run }), by)
  /** Of the runs that this process runs or resumes. */
  const leases = new Map<string, FileLease>()
  const lease: RunStore['lease'] = async (subject, holder) => {
    const claim = await claimLease(places.lease(subject), holder, renews)
    if (claim.held && 'run' in subject) leases.set(subject.run, claim.lease)
    return claim
  }
  return {
    async begin(run, by) {
      mkdirSync(places.run(run), { recursive: true })
      const isLost = () => leases.get(run)?.isLost() ?? false
      const ledger = openLedger(places.ledger(run), { run, now, isLost })
      // Without it other machines cannot tell whether the run is alive: that keeps nobody from running.
      const claim = await lease({ run }, { ...by, run, since: now().toISOString() }).catch(() => undefined)
      return makeWriter(places, ledger, now, async () => {
        if (claim?.held) await claim.lease.release().catch(() => undefined)
      })
    },
    async reopen(run) {
      const content = await readLedger(places.ledger(run))
      const isLost = () => leases.get(run)?.isLost() ?? false
      const ledger = reopenLedger(places.ledger(run), content, { run, now, isLost })
      await withdrawCancelRequest(places.cancel(run))
      return makeWriter(places, ledger, now, async () => undefined)
    },
    async read(run) {
      const content = isName(run) ? await readLedger(places.ledger(run)).catch(() => undefined) : undefined
      if (!content) return undefined
      const { length: _, ...recording } = content
      return { run, ...refuseForeign(run, recording) }
    },
    readLedger: run => readFile(places.ledger(run)),
    heads: () => readHeads(places),
    heldHeads: run => (isName(run) ? findHeld(places, run) : Promise.resolve([])),
    list: () => listRuns(places, judge),
    watch: (run, signal) => watchRun(places.ledger(run), signal),
    listQuestions: run => listQuestions(places.questions(run)),
    answer: (run, question, answer) => answerQuestion(places.questions(run), question, answer),
    requestCancel: (run, by) => writeCancelRequest(places.cancel(run), { by, time: now().toISOString() }),
    readApprovalRequest: async (run, step) => (isName(step) ? readRequest(places.approval(run, step)) : undefined),
    approve: (run, step, signature) => writeSignature(places.approval(run, step), signature),
    blob: (run, name) => openBlob(places.run(run), name),
    evidenceFolder: places.evidence,
    lease,
    judgeRunner: judge,
    unreverted: environment => findUnrevertedRuns(places, environment),
  }
}

/** Each line names its run: those of another one are not what was written here. */
function refuseForeign<Read extends Pick<Recording, 'events' | 'badLine'>>(run: string, read: Read): Read {
  const foreign = read.events.findIndex(event => event.run !== run)
  return foreign < 0 ? read : { ...read, events: read.events.slice(0, foreign), badLine: foreign + 1, torn: undefined }
}

function makeWriter(places: Places, ledger: LedgerWriter, now: () => Date, release: () => Promise<void>): RunWriter {
  const { run } = ledger
  return {
    run,
    get problem() {
      return ledger.problem
    },
    append: ledger.append,
    head: ledger.head,
    openBlob: ({ step, attempt }, limit) => writeBlob(places.run(run), `${step}.${attempt}`, limit),
    evidenceFolder: step => places.evidence(run, step),
    nameEvidence: (step, file) => `evidence/${step}/${file}`,
    requestApproval: (step, text) => writeRequest(places.approval(run, step), text),
    readSignature: step => readSignature(places.approval(run, step)),
    ask: question => askQuestion(places.questions(run), question, now),
    cancelRequested: signal => awaitCancelRequest(places.cancel(run), signal),
    async close() {
      await ledger.close()
      await release()
    },
  }
}
