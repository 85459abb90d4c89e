import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { IncidentStore } from '../incident/incident-store.ts'
import type { Claim, Lease } from '../lease.ts'
import type { RunStore } from '../run-store.ts'
import type { RunWriter } from '../run-writer.ts'
import { createFileStore, type FileStore, type FileStoreOptions } from './create-file-store.ts'
import { findLaterReverts, findUnrevertedRuns } from './find-unreverted-runs.ts'
import { findHeld, findMissing, REMEMBERED } from './heads.ts'
import { isName, namePlaces } from './places.ts'
import { readTombstone } from './prune-runs.ts'

/**
 * A store of runs in a folder, and, as long as that cannot be written or is full, in another one on another disk. What is kept in
 * either is found.
 */
export function createStoreInTwoPlaces(
  folder: string,
  other: string,
  options: Omit<FileStoreOptions, 'rests'> = {},
): RunStore {
  const main = createFileStore(folder, { ...options, rests: join(dirname(other), 'rests') })
  const spare = createFileStore(other, options)
  const places = [namePlaces(folder), namePlaces(other)] as const
  /** A run in the one place may have reverted what a run in the other did. */
  const readAll = async () => {
    const [here, there] = await Promise.all([main.changes(), spare.changes()])
    return [...here, ...there.filter(({ run }) => !isIn(folder, run))]
  }
  /** The store that has a run: the first, unless only the second does. */
  const of = (run: string): FileStore => (isIn(other, run) && !isIn(folder, run) ? spare : main)
  return {
    async begin(run, by) {
      const begin = (store: FileStore, reserve: 'whole' | 'small') =>
        store
          .begin(run, by, reserve)
          .catch((error: unknown) => (error instanceof Error ? error : new Error(`${error}`)))
      const first = await begin(main, 'whole')
      if (!(first instanceof Error)) return first
      // There is one already: it is written over nowhere.
      if (isIn(folder, run)) throw first
      const writer = await begin(spare, 'whole')
      if (!(writer instanceof Error)) return markElsewhere(writer, { folder: other, why: first.message })
      const poor = await begin(main, 'small')
      if (!(poor instanceof Error)) return poor
      const last = await begin(spare, 'small')
      if (last instanceof Error) throw new Error(`${first.message}; nor elsewhere: ${last.message}`)
      return markElsewhere(last, { folder: other, why: first.message })
    },
    async whyFull() {
      const why = await main.whyFull()
      if (why === undefined) return undefined
      const other = await spare.whyFull()
      return other === undefined
        ? `${why}: the record would be kept in ${places[1].runs}`
        : `${why}; nor elsewhere: ${other}`
    },
    reopen: run => of(run).reopen(run),
    read: run => of(run).read(run),
    readLedger: run => of(run).readLedger(run),
    whyUnreadable: run => (existsSync(places[0].run(run)) ? main : spare).whyUnreadable(run),
    async list(options) {
      const [here, there] = await Promise.all([main.list(options), spare.list(options)])
      if (there.total === 0) return here
      // Of a run that was resumed while the first place was read-only, the other one has the lock alone.
      const lost = there.unreadable.filter(run => !isIn(folder, run))
      const runs = [...here.runs, ...there.runs].toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
      return {
        runs: runs.slice(0, options?.limit),
        unreadable: [...here.unreadable, ...lost],
        total: here.total + there.total - (there.unreadable.length - lost.length),
      }
    },
    async heads(but) {
      const [here, there] = await Promise.all([main.heads(but), spare.heads(but)])
      return [...here, ...there.map(one => ({ ...one, folder: other }))]
        .toSorted((a, b) => (a.run < b.run ? 1 : -1))
        .slice(0, REMEMBERED)
    },
    heldHeads: run => (isName(run) ? findHeld(places, run) : Promise.resolve([])),
    missing: () => findMissing(places, readTombstone),
    watch: (run, signal) => of(run).watch(run, signal),
    listQuestions: run => of(run).listQuestions(run),
    answer: (run, question, answer) => of(run).answer(run, question, answer),
    handNote: (run, note) => of(run).handNote(run, note),
    noteBeginning: (key, beginning) =>
      main.noteBeginning(key, beginning).catch(() => spare.noteBeginning(key, beginning)),
    requestCancel: (run, by) => of(run).requestCancel(run, by),
    readApprovalRequest: (run, step) => of(run).readApprovalRequest(run, step),
    approve: (run, step, signature) => of(run).approve(run, step, signature),
    review: (run, step, review) => of(run).review(run, step, review),
    readReview: (run, step) => of(run).readReview(run, step),
    blob: (run, name) => of(run).blob(run, name),
    evidenceFolder: (run, step) => of(run).evidenceFolder(run, step),
    async lease(subject, holder) {
      if ('run' in subject) {
        const store = of(subject.run)
        if (store === spare) return spare.lease(subject, holder)
      }
      const first = await main.lease(subject, holder).catch((error: unknown) => error)
      if (isClaim(first)) {
        // Somebody may have taken it there while this place was full.
        if (!first.held || !existsSync(places[1].lease(subject))) return first
        const second = await spare.lease(subject, holder).catch(() => undefined)
        if (!second?.held) {
          if (second) await first.lease.release()
          return second ?? first
        }
        return { ...first, lease: both(first.lease, second.lease) }
      }
      const why = first instanceof Error ? first.message : String(first)
      const second = await spare.lease(subject, holder).catch(() => undefined)
      if (!second) throw first
      if (!second.held) return second
      const warning = `the lock is in ${dirname(places[1].lease(subject))}, and stops only runs that look there, too: ${why}`
      return { ...second, warning }
    },
    async prune(options) {
      const [here, there] = [await main.prune(options), await spare.prune(options)]
      return { pruned: [...here.pruned, ...there.pruned], kept: [...here.kept, ...there.kept] }
    },
    pruned: async () => [...(await main.pruned()), ...(await spare.pruned())],
    readTombstone: async run => (await main.readTombstone(run)) ?? spare.readTombstone(run),
    async unlock(subject, by, reason) {
      const first = await main.unlock(subject, by, reason)
      const second = await spare.unlock(subject, by, reason)
      return first.state === 'free' || second.state === 'alive' ? second : first
    },
    owner: async run => (await main.owner(run)) ?? spare.owner(run),
    unlocked: async () => [...(await main.unlocked()), ...(await spare.unlocked())],
    judgeRunner: (run, by) => of(run).judgeRunner(run, by),
    unreverted: async (environment, deployment) => findUnrevertedRuns(await readAll(), { environment, deployment }),
    underWay: async (environment, deployment) =>
      (await Promise.all([main.underWay(environment, deployment), spare.underWay(environment, deployment)])).flat(),
    laterReverts: async run => findLaterReverts(await readAll(), run),
    incidents: joinIncidents(main.incidents, spare.incidents),
  }
}

/** Incidents are in the first place, but for those that were declared while it could not be written. */
function joinIncidents(main: IncidentStore, spare: IncidentStore): IncidentStore {
  const of = async (incident: string) => (!(await main.read(incident)) && (await spare.read(incident)) ? spare : main)
  return {
    declare: entry => main.declare(entry).catch(() => spare.declare(entry)),
    add: async (incident, entry, judge) => (await of(incident)).add(incident, entry, judge),
    read: async incident => (await main.read(incident)) ?? spare.read(incident),
    list: async () => [...(await main.list()), ...(await spare.list())].toSorted((a, b) => (a < b ? 1 : -1)),
  }
}

function isIn(folder: string, run: string): boolean {
  return existsSync(join(folder, run, 'ledger.ndjson'))
}

function isClaim(claim: unknown): claim is Claim {
  return typeof claim === 'object' && claim !== null && 'held' in claim
}

function markElsewhere(writer: RunWriter, elsewhere: NonNullable<RunWriter['elsewhere']>): RunWriter {
  return {
    ...writer,
    elsewhere,
    get keeping() {
      return writer.keeping
    },
  }
}

function both(one: Lease, other: Lease): Lease {
  return {
    isHeld: async () => (await one.isHeld()) && (await other.isHeld()),
    async release() {
      await one.release()
      await other.release()
    },
  }
}
