import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStore, type RunFact, type RunStore } from '../../../src/journal/index.ts'

let base: string
let store: RunStore
let day = 1
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-prune-'))
  day = 1
  store = createFileStore(join(base, 'runs'), { now: () => new Date(Date.UTC(2026, 9, day)) })
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const by = { user: 'anna', host: 'here', pid: 2 ** 22 - 1 }
const steps = [
  { id: 'shed', title: 'Shed', phase: 'mitigate', risk: 'change' },
  { id: 'admit', title: 'Admit', phase: 'roll-back', risk: 'change' },
] as const

type End = Omit<Extract<RunFact, { type: 'run.finished' }>, 'type' | 'seconds' | 'rollBack' | 'standing'>

/** Records a run; `rollsBack` names the run that its step `admit` rolled back. */
async function record(
  run: string,
  end: (End & { readonly shed?: true }) | undefined,
  rollsBack?: string,
  more: readonly RunFact[] = [],
) {
  const writer = await store.begin(run, by)
  const page = { procedure: 'p', path: 'p.md', title: 'P', environment: 'lab', target: {}, params: {}, contentHash: '' }
  const link = rollsBack === undefined ? {} : { rollsBack }
  writer.append({ type: 'run.started', ...page, by, mode: 'auto', steps, ...link })
  for (const fact of more) writer.append(fact)
  const step = rollsBack === undefined ? steps[0] : steps[1]
  writer.append({ type: 'step.started', step: step.id, ...step, attempt: 1, blockHash: '' })
  writer.append({ type: 'step.finished', step: step.id, status: 'passed', seconds: 0 })
  const { shed, ...rest } = end ?? { outcome: 'failed' as const }
  const standing = shed ? [{ step: 'shed', undoneBy: 'admit' }] : []
  if (end) writer.append({ type: 'run.finished', ...rest, seconds: 0, standing, rollBack: [] })
  await writer.close()
  return writer.head()
}

const prune = async (dryRun = false) => {
  const options = { before: new Date(Date.UTC(2026, 9, 10)), by, now: new Date(Date.UTC(2026, 10, 1)), dryRun }
  const { pruned, kept } = await store.prune(options)
  return {
    pruned: pruned.map(({ run }) => run),
    kept: Object.fromEntries(kept.map(({ run, reason }) => [run, reason])),
  }
}

test('a run that is over goes, with all that it kept, and leaves what it was', async () => {
  const head = await record('old', { outcome: 'healed' })
  day = 20
  await record('new', { outcome: 'healed' })
  expect(await prune(true)).toEqual({ pruned: ['old'], kept: {} })
  expect(existsSync(join(base, 'runs/old'))).toBe(true)
  expect(await store.readTombstone('old')).toBeUndefined()
  expect(await prune()).toEqual({ pruned: ['old'], kept: {} })
  expect(existsSync(join(base, 'runs/old'))).toBe(false)
  expect((await store.list()).runs.map(({ id }) => id)).toEqual(['new'])
  expect(await store.readTombstone('old')).toEqual({
    run: 'old',
    procedure: 'p',
    environment: 'lab',
    outcome: 'healed',
    started: '2026-10-01T00:00:00.000Z',
    finished: '2026-10-01T00:00:00.000Z',
    head,
    pruned: '2026-11-01T00:00:00.000Z',
    by,
  })
  expect(await store.readTombstone('ol')).toBeUndefined()
  expect(await prune()).toEqual({ pruned: [], kept: {} })
})

test('what somebody still has to review stays, until somebody did', async () => {
  const glass = { type: 'step.unapproved', step: 'shed', reason: 'nobody answers', by } as const
  const allowed = { type: 'step.approved', step: 'admit', by: 'lab beforehand', text: '', signature: '' } as const
  await record('glass', { outcome: 'healed' }, undefined, [glass])
  await record('early', { outcome: 'healed' }, undefined, [glass, { ...allowed, beforehand: { role: 'r', max: 2 } }])
  await record('allowed', { outcome: 'healed' }, undefined, [allowed])
  const open = 'nobody has reviewed'
  expect(await prune()).toEqual({
    pruned: ['allowed'],
    kept: {
      glass: `${open} #shed: see handbook runs reviews`,
      early: `${open} #shed, #admit: see handbook runs reviews`,
    },
  })
  const review = { by, time: '2026-10-02T00:00:00.000Z', says: 'right' }
  await store.review('glass', 'shed', review)
  await store.review('early', 'shed', review)
  writeFileSync(join(base, 'runs/early/reviews/shed.json'), 'damaged')
  expect(await prune()).toEqual({
    pruned: ['glass'],
    kept: { early: `${open} #shed, #admit: see handbook runs reviews` },
  })
})

test('what has unreverted changes, was not seen to end, or has a changed ledger stays, and it is said why', async () => {
  await record('unreverted', { outcome: 'failed', shed: true })
  await record('killed', undefined)
  await record('stopped', { outcome: 'interrupted' })
  await record('changed', { outcome: 'healed' })
  const ledger = join(base, 'runs/changed/ledger.ndjson')
  writeFileSync(ledger, `${readFileSync(ledger, 'utf8')}{"seq":5}\n`)
  expect(await prune()).toEqual({
    pruned: [],
    kept: {
      unreverted: 'unreverted changes',
      killed: 'it was not seen to end',
      stopped: 'it was interrupted, and can be resumed',
      changed: 'its ledger was changed',
    },
  })
})

test('a roll back stays as long as what it rolled back, and goes with it', async () => {
  await record('first', { outcome: 'failed', shed: true })
  day = 2
  await record('later', { outcome: 'passed' }, 'first')
  day = 12
  const writer = await store.reopen('first')
  writer.append({ type: 'run.warned', message: 'looked at again' })
  writer.append({ type: 'run.finished', outcome: 'failed', seconds: 0, standing: [], rollBack: [] })
  await writer.close()
  expect(await prune()).toEqual({ pruned: [], kept: { later: 'it rolled back first, which stays' } })
  rmSync(join(base, 'runs'), { recursive: true })
  day = 1
  await record('first', { outcome: 'failed', shed: true })
  day = 2
  await record('later', { outcome: 'passed' }, 'first')
  expect(await prune()).toEqual({ pruned: ['first', 'later'], kept: {} })
  expect(await store.unreverted('lab')).toEqual([])
})
