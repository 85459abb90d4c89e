import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileStore, foldRun, proofSchema, type RunStore, readHistory } from '../../src/journal/index.ts'
import { adoptBefore, BEFORE, HOST, placeBefore, RUNS } from './before.ts'

let folder: string
let store: RunStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handbook-before-'))
  placeBefore(folder)
  store = createFileStore(join(folder, '.handbook/runs'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('what was recorded before runs had a store', () => {
  test('is read and verified, event by event, and its bytes are those that were written', async () => {
    for (const run of Object.values(RUNS)) {
      const recording = await store.read(run)
      const bytes = readFileSync(join(BEFORE, 'store/runs', run, 'ledger.ndjson'))
      expect(recording?.badLine).toBeUndefined()
      expect(recording?.events).toHaveLength(bytes.toString().trimEnd().split('\n').length)
      expect(bytes.toString()).toMatch(new RegExp(`"chain":"${recording?.head}"}\n$`))
      expect(await store.readLedger(run)).toEqual(bytes)
      const watched: unknown[] = []
      const limit = new AbortController()
      for await (const event of store.watch(run, limit.signal)) {
        watched.push(event)
        if (watched.length === recording?.events.length) limit.abort()
      }
      expect(watched).toEqual(recording?.events)
    }
  })

  test('is listed: on its own machine what was killed is interrupted, on another nobody can tell', async () => {
    const list = async () =>
      (await store.list()).runs.map(({ id, outcome, running }) => [id, running ? 'running' : outcome])
    expect(await list()).toEqual([
      [RUNS.waiting, 'running'],
      [RUNS.interrupted, 'running'],
      [RUNS.healed, 'healed'],
    ])
    adoptBefore(folder)
    expect(await list()).toEqual([
      [RUNS.waiting, 'interrupted'],
      [RUNS.interrupted, 'interrupted'],
      [RUNS.healed, 'healed'],
    ])
    for (const run of Object.values(RUNS)) expect((await store.read(run))?.badLine).toBeUndefined()
  })

  test('folds into what a run was, and what resuming it needs', async () => {
    const events = (await store.read(RUNS.interrupted))?.events ?? []
    expect(foldRun(events)).toMatchObject({
      procedure: 'grow',
      environment: 'staging',
      steps: [
        { id: 'look', status: 'passed', value: { size: '3' } },
        { id: 'shed', status: 'passed' },
        { id: 'grow', status: 'running' },
        { id: 'works', status: 'waiting' },
        { id: 'admit', status: 'waiting' },
      ],
    })
    const history = readHistory(events)
    expect(history).toMatchObject({
      by: { user: 'root', host: HOST },
      values: { look: { size: '3' } },
      suggestions: [
        { step: 'shed', by: 'look', why: 'small' },
        { step: 'grow', by: 'look', why: 'small' },
      ],
      begun: ['look', 'shed', 'grow'],
      open: ['grow'],
      half: { step: 'grow', process: { pid: 31509 } },
    })
    expect([...(history?.results ?? [])].map(([id, { status }]) => `${id} ${status}`)).toEqual([
      'look passed',
      'shed passed',
    ])
    expect(history?.blocks.size).toBe(5)
    expect(history?.ending).toBeUndefined()
  })

  test('has its output and evidence, as the ledger says of them', async () => {
    const events = (await store.read(RUNS.healed))?.events ?? []
    const kept = events.find(event => event.type === 'step.output-kept')
    const output = await store.blob(RUNS.healed, kept?.file ?? '')
    expect([output.bytes, await output.hash()]).toEqual([kept?.kept, kept?.sha256])
    const evidence = events.find(event => event.type === 'step.evidence')
    const log = await store.blob(RUNS.healed, evidence?.evidence.file ?? '')
    expect((await log.readStart(100)).toString()).toBe('kept\n')
    expect(log.linkFrom(folder)).toBe(`.handbook/runs/${RUNS.healed}/evidence/look/log`)
  })

  test('has the request that an approval is waited for, and takes a signature of it', async () => {
    const text = await store.readApprovalRequest(RUNS.waiting, 'purge')
    expect(text).toBe(readFileSync(join(BEFORE, 'store/runs', RUNS.waiting, 'approvals/purge.txt'), 'utf8'))
    await store.approve(RUNS.waiting, 'purge', 'signed')
    const writer = await store.reopen(RUNS.waiting)
    expect(await writer.readSignature('purge')).toBe('signed')
    await writer.close()
  })

  test('holds the locks that it held: from here nobody can tell, on its own machine its process is gone', async () => {
    const me = { user: 'me', host: 'here', pid: 1, run: 'r', since: '' }
    const lease = (procedure: string, environment: string) => store.lease({ procedure, environment }, me)
    const released = await lease('full', 'staging')
    expect(released).toMatchObject({ held: true })
    expect(released).not.toHaveProperty('after')
    expect(await lease('grow', 'staging')).toMatchObject({
      held: false,
      state: 'elsewhere',
      holder: { host: HOST, run: RUNS.interrupted },
      look: expect.stringContaining('locks/grow@staging/1'),
    })
    adoptBefore(folder)
    const after = await lease('grow', 'staging')
    expect(after).toMatchObject({ held: true, after: { run: RUNS.interrupted } })
    for (const claim of [released, after]) if (claim.held) await claim.lease.release()
  })

  test('is in the index of what is unreverted', async () => {
    adoptBefore(folder)
    expect(await store.unreverted('staging')).toMatchObject([
      { run: RUNS.interrupted, interrupted: true, standing: [{ step: 'shed' }, { step: 'grow' }] },
      { run: RUNS.healed, interrupted: false, standing: [{ step: 'mend', undoneBy: 'break' }] },
    ])
    expect(await store.unreverted('production')).toEqual([])
  })

  test('and a proof of then is one', () => {
    const file = join(BEFORE, 'proofs/storage-filling--storage-filling.json')
    expect(proofSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).toMatchObject({
      id: 'storage-filling--storage-filling',
      proven: true,
    })
  })
})
