import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileStore, type RunStore, type RunWriter } from '../../../src/journal/index.ts'
import { eventually } from '../../execute/living.ts'

let base: string
let store: RunStore
/** The same runs, as another process sees them. */
let client: RunStore
let writer: RunWriter
beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'handbook-clients-'))
  store = createFileStore(join(base, 'runs'))
  client = createFileStore(join(base, 'runs'))
  writer = await store.begin('r', me)
})
afterEach(async () => {
  await writer.close()
  rmSync(base, { recursive: true, force: true })
})

const me = { user: 'me', host: hostname(), pid: process.pid }
const anna = { user: 'anna', host: 'far', pid: 1 }
const never = new AbortController().signal

describe('watch', () => {
  test('gives what was written before, and then each event as it comes, to the run’s end', async () => {
    writer.append({ type: 'run.warned', message: '1' })
    const heard: string[] = []
    const done = (async () => {
      for await (const event of client.watch('r', never))
        heard.push(event.type === 'run.warned' ? event.message : event.type)
    })()
    expect(await eventually(() => heard.includes('1'))).toBe(true)
    writer.append({ type: 'run.warned', message: '2 grüß 🙂' })
    expect(await eventually(() => heard.length === 2)).toBe(true)
    writer.append({ type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] })
    await done
    expect(heard).toEqual(['1', '2 grüß 🙂', 'run.finished'])
  })

  test('ends when nobody listens any more', async () => {
    const canceller = new AbortController()
    const events = client.watch('r', canceller.signal)[Symbol.asyncIterator]()
    const next = events.next()
    canceller.abort()
    expect(await next).toMatchObject({ done: true })
  })

  test('waits for the rest of half a line, and refuses one that its runner did not write', async () => {
    writer.append({ type: 'run.warned', message: '1' })
    const file = join(base, 'runs/r/ledger.ndjson')
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, whole.slice(0, 40))
    const events = client.watch('r', never)[Symbol.asyncIterator]()
    const next = events.next()
    writeFileSync(file, whole)
    expect(await next).toMatchObject({ value: { message: '1' } })
    appendFileSync(file, '{"seq":2,"chain":"0000"}\n')
    await expect(events.next()).rejects.toThrow('line 2 of the ledger was changed')
  })
})

describe('a question', () => {
  const question = { step: 'grow', message: 'May it run?', choices: ['run', 'skip', 'stop'], withReason: ['skip'] }

  test('is seen by every client until one of them answers it, and the first answer counts', async () => {
    const asked = await writer.ask(question)
    const [open] = await client.listQuestions('r')
    expect(open).toMatchObject({ ...question, id: '1' })
    const answer = asked.answered(never)
    expect(await client.answer('r', '1', { choice: 'run', by: anna })).toBe('accepted')
    expect(await client.answer('r', '1', { choice: 'stop', by: me })).toBe('answered')
    expect(await answer).toEqual({ choice: 'run', by: anna })
    expect(await asked.settle({ choice: 'stop', by: me })).toEqual({ choice: 'run', by: anna })
    expect(await client.listQuestions('r')).toEqual([])
  })

  test('takes only what it offers, with the reason that it wants', async () => {
    await writer.ask(question)
    for (const [id, answer] of [
      ['2', { choice: 'run', by: anna }],
      ['../1', { choice: 'run', by: anna }],
      ['1', { choice: 'perhaps', by: anna }],
      ['1', { choice: 'skip', by: anna }],
      ['1', { choice: 'skip', reason: ' ', by: anna }],
    ] as const)
      expect(await client.answer('r', id, answer)).toBe('unknown')
    expect(await client.answer('r', '1', { choice: 'skip', reason: 'done by hand', by: anna })).toBe('accepted')
  })

  test('is another one each time', async () => {
    const first = await writer.ask(question)
    await first.settle({ choice: 'run', by: me })
    const second = await writer.ask(question)
    expect(await client.listQuestions('r')).toMatchObject([{ id: '2' }])
    const canceller = new AbortController()
    const answer = second.answered(canceller.signal)
    canceller.abort()
    expect(await answer).toBeUndefined()
  })
})

describe('a request to cancel', () => {
  test('is heard by the runner, also when it was made before anybody listened, and stands until the run is resumed', async () => {
    await client.requestCancel('r', anna)
    expect(await writer.cancelRequested(never)).toMatchObject({ by: anna, time: expect.any(String) })
    await writer.close()
    const again = await store.reopen('r')
    expect(existsSync(join(base, 'runs/r/cancel.json'))).toBe(false)
    const canceller = new AbortController()
    const heard = again.cancelRequested(canceller.signal)
    canceller.abort()
    expect(await heard).toBeUndefined()
    const later = again.cancelRequested(never)
    await client.requestCancel('r', me)
    expect(await later).toMatchObject({ by: me })
    await again.close()
  })
})

describe('an approval', () => {
  test('is asked for by the runner, read and signed by another client', async () => {
    expect(await client.readApprovalRequest('r', 'purge')).toBeUndefined()
    await writer.requestApproval('purge', 'what is to run\n')
    expect(await client.readApprovalRequest('r', 'purge')).toBe('what is to run\n')
    expect(await client.readApprovalRequest('r', '../purge')).toBeUndefined()
    expect(await writer.readSignature('purge')).toBeUndefined()
    await client.approve('r', 'purge', 'signed')
    expect(await writer.readSignature('purge')).toBe('signed')
  })
})

describe('a blob', () => {
  test('is kept as it comes, and read with its size, its hash and a link', async () => {
    const blob = writer.openBlob({ step: 'look', attempt: 1 }, 8)
    for (const text of ['12345', '6789']) blob.write(Buffer.from(text))
    const { file = '', kept, sha256 } = blob.close()
    expect(kept).toBe(8)
    const stored = await client.blob('r', file)
    expect(stored.bytes).toBe(8)
    expect((await stored.readStart(3)).toString()).toBe('123')
    expect(await stored.hash()).toBe(sha256)
    expect(readFileSync(join(base, 'out', stored.linkFrom(join(base, 'out'))), 'utf8')).toBe('12345678')
  })

  test('that is gone has no size, but the link that it had', async () => {
    const stored = await client.blob('r', 'evidence/look/a b')
    expect(stored.bytes).toBeUndefined()
    expect(stored.linkFrom(base)).toBe('runs/r/evidence/look/a%20b')
  })
})
