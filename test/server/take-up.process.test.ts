import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/journal/index.ts'
import { type Browser, createLiveHandbook, enter, eventsOf, questionOf, typesOf, YAML } from './live-handbook.ts'

/** A change that goes on until somebody lets it end. */
const SLOW = `---
title: It changes slowly
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
hb suggest shed "too much"
\`\`\`

## Mitigate

### Shed <!-- #shed -->

\`\`\`bash
echo begun >> shed.log
until test -e go; do sleep 0.05; done
echo shed >> shed.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
grep -q shed shed.log
\`\`\`

## Roll back

### Admit <!-- #admit -->

\`\`\`bash undoes=shed
rm shed.log
\`\`\`
`

const key = () => `key-${Math.random()}`

/** A run that was killed in the middle of a change. */
async function killInChange() {
  const handbook = await createLiveHandbook(YAML, { slow: SLOW })
  const { link } = await handbook.serve()
  const browser = await enter(link)
  const hash = handbook.hashOf('slow')
  const { run } = JSON.parse((await browser.begin('slow', hash)).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  const question = await questionOf(stream, 'shed')
  await browser.press(`/api/runs/${run}/answers`, { key: key(), question, choice: 'run' })
  await expect.poll(() => existsSync(join(handbook.cwd, 'shed.log')), { timeout: 20_000 }).toBe(true)
  const [started] = eventsOf(stream)
  if (started?.type === 'run.started') process.kill(started.by.pid, 'SIGKILL')
  await stream.over
  const after = eventsOf(stream).at(-1)?.seq ?? 0
  const ask = { key: key(), contentHash: hash, after }
  return { handbook, browser, hash, run, after, ask, path: `/api/runs/${run}` }
}

async function readEvents(browser: Browser, path: string): Promise<readonly RunEvent[]> {
  return (await browser.read<{ events: readonly RunEvent[] }>(path)).events
}

test('a run whose runner is gone is resumed by a press, once, and goes on beside the server', async () => {
  const { handbook, browser, path, ask, run } = await killInChange()
  const undecided = await browser.press(`${path}/resume`, { ...ask, key: key() })
  expect(undecided).toMatchObject({ status: 409, text: expect.stringContaining('may be only partially done') })
  handbook.write('go', '')
  const decided = { ...ask, interrupted: 'repeat' }
  const pressed = await Promise.all([1, 2, 3].map(() => browser.press(`${path}/resume`, decided)))
  for (const { status, text } of pressed) expect([status < 300, text]).toEqual([true, JSON.stringify({ run })])
  const stream = await browser.stream(`${path}/events`)
  await browser.press(`${path}/answers`, { key: key(), question: await questionOf(stream, 'shed'), choice: 'run' })
  await stream.over
  expect(eventsOf(stream).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'healed' })
  // Sent again much later, and pressed by somebody who still saw it as it was.
  expect((await browser.press(`${path}/resume`, decided)).status).toBe(200)
  expect((await browser.press(`${path}/resume`, { ...decided, key: key() })).status).toBe(200)
  expect((await readEvents(browser, path)).filter(({ type }) => type === 'run.resumed')).toHaveLength(1)
  expect(readFileSync(join(handbook.cwd, 'shed.log'), 'utf8')).toBe('begun\nbegun\nshed\n')
  const over = await browser.press(`${path}/resume`, { ...decided, key: key(), after: 1000 })
  expect(over).toMatchObject({ status: 409, text: expect.stringContaining('is over') })
}, 120_000)

test('what a run left is rolled back by a press, in a run of its own that asks', async () => {
  const { handbook, browser, path, ask, run } = await killInChange()
  const pressed = await Promise.all([1, 2].map(() => browser.press(`${path}/roll-back`, ask)))
  const [first, second] = pressed.map(({ text }) => JSON.parse(text).run)
  expect(first).toBe(second)
  expect(first).not.toBe(run)
  const stream = await browser.stream(`/api/runs/${first}/events`)
  const question = await questionOf(stream, 'admit')
  expect(existsSync(join(handbook.cwd, 'shed.log'))).toBe(true)
  await browser.press(`/api/runs/${first}/answers`, { key: key(), question, choice: 'run' })
  await stream.over
  expect(existsSync(join(handbook.cwd, 'shed.log'))).toBe(false)
  expect(eventsOf(stream)[0]).toMatchObject({ type: 'run.started', rollsBack: run })
  // The same press, sent again, is the same run.
  expect(await browser.press(`${path}/roll-back`, ask)).toMatchObject({
    status: 200,
    text: JSON.stringify({ run: first }),
  })
  const again = await browser.press(`${path}/roll-back`, { ...ask, key: key() })
  expect(again).toMatchObject({ status: 409, text: expect.stringContaining('left to roll back') })
}, 120_000)

test('a page that is another one by now, a run that goes on, and a key of something else are refused', async () => {
  const { handbook, browser, path, ask, hash } = await killInChange()
  expect((await browser.press(`${path}/resume`, { ...ask, contentHash: 'a'.repeat(64) })).status).toBe(409)
  expect(await browser.press(`${path}/roll-back`, ask)).toMatchObject({
    status: 422,
    text: expect.stringContaining('began something else'),
  })
  for (const wrong of [{ contentHash: 'abc' }, { after: 0 }, { interrupted: 'maybe' }, { page: 'mend' }])
    expect((await browser.press(`${path}/resume`, { ...ask, ...wrong })).status, JSON.stringify(wrong)).toBe(422)
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('step.output')
  const going = { key: key(), contentHash: handbook.hashOf('wait'), after: 1 }
  expect(await browser.press(`/api/runs/${run}/resume`, going)).toMatchObject({
    status: 409,
    text: expect.stringContaining('still running'),
  })
  handbook.write('runbooks/slow.md', SLOW.replace('echo begun', 'echo other'))
  const changed = await browser.press(`${path}/resume`, { key: key(), contentHash: hash, after: ask.after })
  expect(changed).toMatchObject({ status: 409, text: expect.stringContaining('has changed') })
  expect((await readEvents(browser, path)).map(({ type }) => type)).not.toContain('run.resumed')
}, 120_000)
