import { appendFileSync, closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '../event.ts'
import { foldRun } from '../fold-run.ts'
import { listToReview, type RunState } from '../run-state.ts'
import type { KeptRun, PrunedRun, PruneOptions, PruneResult } from '../run-store.ts'
import { findUnrevertedRuns } from './find-unreverted-runs.ts'
import { listNames } from './list-names.ts'
import type { Places } from './places.ts'
import { readChanges } from './read-changes.ts'
import { type LedgerContent, readLedger } from './read-ledger.ts'
import { readReview } from './requests.ts'
import { APPENDS, shareFile } from './share.ts'

/** An old run, and why it stays, if it does. */
interface Candidate {
  readonly tombstone: Omit<PrunedRun, 'pruned' | 'by'>
  readonly rollsBack: string | undefined
  keep: string | undefined
}

/**
 * Removes the folders of runs that ended before a time, and leaves a line for each, which is on disk before its folder goes. What was
 * not seen to end, is changed, left changes unreverted or waits for a review stays, and so does what rolled back a run that stays.
 */
export async function pruneRuns(places: Places, { before, by, now, dryRun }: PruneOptions): Promise<PruneResult> {
  const names = await listNames(places)
  const old: Candidate[] = []
  const left = new Set(findUnrevertedRuns(await readChanges(places)).map(({ run }) => run))
  for (const name of names) {
    const content = await readLedger(places.ledger(name)).catch(() => undefined)
    if (!content) continue
    const state = foldRun(content.events)
    if ((state.finished ?? state.started) >= before.toISOString()) continue
    old.push({
      tombstone: describe(name, state, content),
      rollsBack: state.rollsBack,
      keep:
        findReason(state, content) ??
        (left.has(name) ? 'unreverted changes' : undefined) ??
        (await findOpenReviews(places, name, state)),
    })
  }
  // A roll back goes no sooner than what it rolled back: without it the changes would be there again.
  for (const candidate of old) {
    const { rollsBack } = candidate
    if (rollsBack === undefined || !names.includes(rollsBack)) continue
    const target = old.find(({ tombstone }) => tombstone.run === rollsBack)
    if (!target || target.keep !== undefined) candidate.keep ??= `it rolled back ${rollsBack}, which stays`
  }
  const gone = old.filter(({ keep }) => keep === undefined)
  // What was rolled back goes before its roll back, so that a prune that breaks off leaves no change that was undone.
  gone.sort((one, other) => Number(one.rollsBack !== undefined) - Number(other.rollsBack !== undefined))
  const pruned = gone.map(({ tombstone }) => ({ ...tombstone, pruned: now.toISOString(), by }))
  if (!dryRun) for (const one of pruned) removeRun(places, one)
  const kept: KeptRun[] = old.flatMap(({ tombstone: { run, procedure }, keep }) =>
    keep === undefined ? [] : [{ run, procedure, reason: keep }],
  )
  return { pruned, kept }
}

/** What is left of a run that was pruned, if it was. */
export async function readTombstone(places: Places, run: string): Promise<PrunedRun | undefined> {
  return (await listPruned(places).catch(() => [])).findLast(one => one.run === run)
}

/** What is left of all runs that were pruned, oldest first; a damaged line is left out. Rejects when it cannot be read. */
export async function listPruned({ tombstones }: Pick<Places, 'tombstones'>): Promise<PrunedRun[]> {
  const text = await readFile(tombstones, 'utf8').catch(error => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap(line => {
    try {
      return [JSON.parse(line)]
    } catch {
      return []
    }
  })
}

function findReason({ start, ending, outcome }: RunState, { badLine, newer }: LedgerContent): string | undefined {
  if (newer !== undefined) return newer
  if (badLine !== undefined && ending) return 'its ledger was changed'
  if (!start || !ending || outcome === undefined) return 'it was not seen to end'
  return outcome === 'interrupted' ? 'it was interrupted, and can be resumed' : undefined
}

/** What ran without another person, and nobody has looked at since. */
async function findOpenReviews(places: Places, run: string, state: RunState): Promise<string | undefined> {
  const open: string[] = []
  for (const { step } of listToReview(state))
    if ((await readReview(places.review(run, step))) === undefined) open.push(`#${step}`)
  return open.length > 0 ? `nobody has reviewed ${[...new Set(open)].join(', ')}: see handbook runs reviews` : undefined
}

function describe(run: string, state: RunState, { head }: LedgerContent): Candidate['tombstone'] {
  const { procedure, environment, started, finished = '', outcome = 'interrupted' } = state
  return { run, procedure, environment, outcome, started, finished, head }
}

function removeRun(places: Places, tombstone: PrunedRun & { readonly by: Actor }): void {
  const write = () => {
    const file = openSync(places.tombstones, APPENDS)
    shareFile(places.tombstones)
    try {
      appendFileSync(file, `${JSON.stringify(tombstone)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  try {
    write()
  } catch {
    // A full disk is when somebody prunes: what the run kept beside its ledger makes the room.
    for (const name of ['output', 'evidence', 'reserve'])
      rmSync(join(places.run(tombstone.run), name), { recursive: true, force: true })
    write()
  }
  rmSync(places.run(tombstone.run), { recursive: true, force: true })
}
