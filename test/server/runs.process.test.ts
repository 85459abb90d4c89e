import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RunCard, RunNow } from '../../src/wire/index.ts'
import { readEvents } from '../cli/handbook.ts'
import { KEYS, startTerminal } from '../cli/terminal.ts'
import { browse, createLiveHandbook, enter, eventsOf, questionOf, type RunStream, typesOf } from './live-handbook.ts'

describe('a run that is begun in the browser', () => {
  test('asks there, is answered there, and heals', async () => {
    const handbook = await createLiveHandbook()
    const { link } = await handbook.serve()
    const browser = await enter(link)
    const begun = await browser.begin('mend', handbook.hashOf('mend'), { params: { staleAfter: '6h' } })
    expect(begun).toMatchObject({ status: 201 })
    const { run } = JSON.parse(begun.text)
    const stream = await browser.stream(`/api/runs/${run}/events`)
    const question = await questionOf(stream, 'mend')
    // What only reads ran without a question; what changes something did not.
    expect(eventsOf(stream)).toContainEqual(
      expect.objectContaining({ type: 'step.output', text: 'looking at http://staging for 6h\n' }),
    )
    expect(existsSync(join(handbook.cwd, 'mended.log'))).toBe(false)
    const now = await browser.read<RunNow>(`/api/runs/${run}`)
    expect(now).toMatchObject({ running: true, card: { run, procedure: 'mend' }, questions: [{ id: question }] })
    expect(
      (await browser.press(`/api/runs/${run}/notes`, { key: 'note-0001', text: ' called the storage team ' })).status,
    ).toBe(201)
    // Sent again, because the answer was lost on its way.
    for (const key of ['answer-01', 'answer-01'])
      expect((await browser.press(`/api/runs/${run}/answers`, { key, question, choice: 'run' })).text).toBe(
        '{"result":"accepted"}',
      )
    const late = await browser.press(`/api/runs/${run}/answers`, { key: 'answer-02', question, choice: 'stop' })
    expect(late.text).toBe('{"result":"answered"}')
    await stream.over
    expect(stream.messages.at(-1)?.data).toEqual({ ended: true })
    expect(eventsOf(stream)).toContainEqual(
      expect.objectContaining({
        type: 'run.answered',
        step: 'mend',
        choice: 'run',
        by: expect.objectContaining({ user: now.card.by.user }),
      }),
    )
    expect(eventsOf(stream).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'healed' })
    // One note, and the terminal and the export have it, too.
    const shown = (await handbook.run('runs', 'show', run)).stdout
    expect(shown.match(/called the storage team/g)).toHaveLength(1)
    expect((await handbook.run('runs', 'export', run, '--format', 'markdown')).stdout).toContain(
      'called the storage team',
    )
    expect(await browser.read<{ runs: RunCard[] }>('/api/runs?environment=staging&limit=5')).toMatchObject({
      runs: [{ run, title: 'It is full', outcome: 'healed' }],
    })
    const evidence = await browser.get(`/api/runs/${run}/evidence/look/page.html`)
    expect(evidence).toMatchObject({ status: 200, text: '<script>alert(1)</script>\n' })
    expect(evidence.headers['content-type']).toBe('text/plain; charset=utf-8')
    for (const other of ['look/other', 'look/..%2f..%2fledger.ndjson', 'mend/page.html'])
      expect((await browser.get(`/api/runs/${run}/evidence/${other}`)).status, other).toBe(404)
    // Who is over hears nothing more.
    expect((await browser.press(`/api/runs/${run}/notes`, { key: 'note-0002', text: 'too late' })).status).toBe(409)
    expect((await browser.press(`/api/runs/${run}/cancel`, { key: 'cancel-01' })).status).toBe(409)
  }, 120_000)

  test('is one, however often it is asked for, and whatever becomes of the server', async () => {
    const handbook = await createLiveHandbook()
    const first = await handbook.serve([], { TOKEN_OF_SERVER: 'not for runners' })
    const browser = await enter(first.link)
    const ask = { key: 'the-same-key', params: { who: 'anna', pin: 'hunter-22' } }
    const answers = await Promise.all([1, 2, 3].map(() => browser.begin('wait', handbook.hashOf('wait'), ask)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
    const runs = new Set(answers.map(({ text }) => JSON.parse(text).run))
    expect(runs.size).toBe(1)
    const [run] = runs
    const other = await browser.begin('mend', handbook.hashOf('mend'), { key: ask.key })
    expect(other).toMatchObject({ status: 422, text: expect.stringContaining('began something else') })
    const stream = await browser.stream(`/api/runs/${run}/events`)
    await untilOutput(stream)
    const heard = stream.messages.at(-1)?.id ?? 0
    // Nobody can prepare for this.
    first.child.kill('SIGKILL')
    await stream.over
    const port = Number(new URL(first.origin).port)
    const second = await handbook.serve([], {}, port)
    // Who was in is in.
    const back = browse(second.origin, browser.cookie)
    expect(await back.read<RunNow>(`/api/runs/${run}`)).toMatchObject({ running: true })
    expect(await back.begin('wait', handbook.hashOf('wait'), ask)).toMatchObject({
      status: 200,
      text: JSON.stringify({ run }),
    })
    const again = await back.stream(`/api/runs/${run}/events`, heard)
    handbook.write('go', '')
    await again.over
    expect(eventsOf(again)[0]?.seq).toBe(heard + 1)
    expect(eventsOf(again).at(-1)).toMatchObject({ type: 'run.finished' })
    expect(JSON.stringify([...stream.messages, ...again.messages])).not.toContain('hunter-22')
  }, 120_000)

  test('is cancelled', async () => {
    const { browser, run, stream } = await beginWaiting()
    expect((await browser.press(`/api/runs/${run}/cancel`, { key: 'cancel-01' })).status).toBe(202)
    await stream.over
    expect(eventsOf(stream).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'cancelled' })
  }, 60_000)

  test('ends for who watches when its runner is killed, and nobody says that it ended', async () => {
    const { browser, run, stream } = await beginWaiting()
    const [started] = eventsOf(stream)
    if (started?.type === 'run.started') process.kill(started.by.pid, 'SIGKILL')
    await stream.over
    expect(stream.messages.at(-1)?.data).toEqual({ ended: true, why: expect.stringContaining('interrupted') })
    expect((await browser.press(`/api/runs/${run}/notes`, { key: 'note-0001', text: 'x' })).status).toBe(409)
  }, 60_000)

  test('is refused when the page is another one by now, and when it cannot be run so', async () => {
    const handbook = await createLiveHandbook()
    const { link } = await handbook.serve(['--env', 'staging'])
    const browser = await enter(link)
    const hash = handbook.hashOf('mend')
    const missing = await browser.begin('wait', handbook.hashOf('wait'))
    expect(missing).toMatchObject({ status: 422, text: expect.stringContaining('who') })
    expect((await browser.begin('mend', hash, { params: { staleAfter: 'soon' } })).text).toContain('expected')
    for (const wrong of [
      { params: { constructor: 'x' } },
      { alert: 'Another' },
      { environment: 'production' },
      { page: 'nothing' },
      { page: './runbooks/mend.md' },
      { page: 'ThingFull', key: 'another-name' },
      { contentHash: 'abc' },
      { more: 1 },
      { key: 'k' },
    ])
      expect((await browser.begin('mend', hash, wrong)).status, JSON.stringify(wrong)).toBe(422)
    handbook.write(
      'runbooks/mend.md',
      readFileSync(join(handbook.cwd, 'runbooks/mend.md'), 'utf8').replace('echo mended', 'echo other'),
    )
    expect(await browser.begin('mend', hash)).toMatchObject({
      status: 409,
      text: expect.stringContaining('has changed'),
    })
    // A hash that fits a page that nobody published is what the file is: it is read there.
    expect((await browser.begin('mend', 'a'.repeat(64))).status).toBe(409)
    expect((await browser.read<{ runs: unknown[] }>('/api/runs')).runs).toEqual([])
  }, 120_000)
})

describe('a run that is begun in one place', () => {
  test('in the terminal, is answered in the browser', async () => {
    const handbook = await createLiveHandbook()
    const { link } = await handbook.serve()
    const browser = await enter(link)
    const command = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
    const terminal = startTerminal(
      `${command} run mend --env staging --param staleAfter=6h --param database=db-2`,
      handbook,
    )
    const list = () => browser.read<{ runs: RunCard[] }>('/api/runs?environment=staging')
    await expect.poll(async () => (await list()).runs.length, { timeout: 20_000 }).toBe(1)
    const [card] = (await list()).runs
    const stream = await browser.stream(`/api/runs/${card?.run}/events`)
    const question = await questionOf(stream, 'mend')
    const path = `/api/runs/${card?.run}/answers`
    expect((await browser.press(path, { key: 'answer-01', question, choice: 'run' })).status).toBe(200)
    expect(await terminal.over).toBe(0)
    expect(terminal.shown()).toContain('HEALED')
    await stream.over
    expect(eventsOf(stream).at(-1)).toMatchObject({ outcome: 'healed' })
  }, 60_000)

  test('in the browser, is followed and answered in the terminal, when the server is gone', async () => {
    const handbook = await createLiveHandbook()
    const { link, child } = await handbook.serve()
    const browser = await enter(link)
    const { run } = JSON.parse((await browser.begin('mend', handbook.hashOf('mend'))).text)
    await questionOf(await browser.stream(`/api/runs/${run}/events`), 'mend')
    child.kill('SIGKILL')
    const command = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
    const terminal = startTerminal(`${command} runs follow ${run}`, handbook)
    await terminal.answer('May “Mend” run?', KEYS.enter)
    expect(await terminal.over).toBe(0)
    expect(terminal.shown()).toContain('echo mended >> mended.log')
    expect(terminal.shown()).toContain('HEALED')
    const followed = await handbook.run('runs', 'follow', run, '--json')
    expect(readEvents(followed.stdout).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'healed' })
  }, 60_000)
})

/** Begins a run that waits, and hears it until it has printed something. */
async function beginWaiting() {
  const handbook = await createLiveHandbook()
  const { link } = await handbook.serve()
  const browser = await enter(link)
  const { run } = JSON.parse((await browser.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await untilOutput(stream)
  return { browser, run, stream }
}

async function untilOutput(stream: RunStream): Promise<void> {
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('step.output')
}
