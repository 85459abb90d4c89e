import { describe, expect, test, vi } from 'vitest'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'
import { endLiving, findLiving, makeMarker, page } from './living.ts'

// These tests mostly wait for processes to end.
vi.setConfig({ maxConcurrency: 4 })
const runs = provideRuns()

const LEAVINGS: readonly (readonly [language: string, what: string, code: (marker: string) => string])[] = [
  ['bash', 'a child', marker => `sleep ${marker} &`],
  ['bash', 'nohup', marker => `nohup sleep ${marker} > /dev/null 2>&1 &`],
  ['bash', 'a session of its own', marker => `setsid sleep ${marker} > /dev/null 2>&1 &`],
  ['bash', 'disown', marker => `sleep ${marker} > /dev/null 2>&1 & disown`],
  ['bash', 'a double fork', marker => `( ( setsid sleep ${marker} > /dev/null 2>&1 & ) & )`],
  ['bash', 'an empty environment', marker => `( env -i setsid sleep ${marker} > /dev/null 2>&1 & )`],
  ['bash', 'a coprocess', marker => `coproc sleep ${marker}`],
  ['bash', "a pipe's end", marker => `true > >(exec sleep ${marker})`],
  ['bash', 'one that keeps the streams', marker => `( sleep ${marker}; echo late ) &`],
  ['ts', 'by the shell', marker => `await $\`setsid sleep ${marker} > /dev/null 2>&1 &\``],
  [
    'ts',
    'by Node',
    marker =>
      `require('node:child_process').spawn('sleep', ['${marker}'], { detached: true, stdio: 'ignore' }).unref()`,
  ],
]

/** What runs after it. */
const AGAIN: Readonly<Record<string, string>> = { bash: 'true', ts: 'echo("on")' }

describe('a process that outlives its step', () => {
  test.concurrent.each(LEAVINGS)(
    '%s, %s: fails it, is named with its line, and is ended',
    async (language, _, code) => {
      const marker = makeMarker()
      const { events } = await runs.run(page([language, '', code(marker)], [language, '', AGAIN[language] ?? '']))
      const [first, second] = events.filter(event => event.type === 'step.finished')
      expect(first?.status).toBe('failed')
      expect(first?.error?.message).toMatch(/\(process \d+, started at line 4\).* still running when the block ended/)
      expect(first?.error).toMatchObject({ line: 4, hint: expect.stringContaining('leaves="why"') })
      expect(first).not.toHaveProperty('left')
      expect(second?.status).toBe('passed')
      // The kernel takes a moment to end what was killed.
      await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 30_000 })
    },
  )

  test.concurrent.each(LEAVINGS)(
    '%s, %s: goes on when the step says why, and is recorded',
    async (language, _, code) => {
      const marker = makeMarker()
      const { events } = await runs.run(
        page([language, 'leaves="it is to go on"', code(marker)], [language, '', AGAIN[language] ?? '']),
      )
      const [first, second] = events.filter(event => event.type === 'step.finished')
      expect(first?.status).toBe('passed')
      expect(first?.left?.length).toBeGreaterThan(0)
      expect(second).toMatchObject({ status: 'passed' })
      expect(second).not.toHaveProperty('left')
      await vi.waitFor(() => expect(findLiving(marker)).toHaveLength(1), { timeout: 30_000 })
      expect(endLiving(marker)).toBe(true)
    },
  )

  test.each(['hb skip enough', 'hb rule-out "not this"'])('fails the step also behind %s', async verb => {
    const marker = makeMarker()
    const { events } = await runs.run(page(['bash', '', `sleep ${marker} &\n${verb}`]))
    expect(tell(events).at(-2)).toMatch(/^s0 failed at 4:1: sleep \d+ \(process \d+, started at line 4\)/)
  })

  test('one that has no words is told by its name', async () => {
    const code = `perl -e '$0 = ""; open F, ">", "/proc/self/comm"; print F "silent"; close F; sleep 300' > /dev/null 2>&1 &
until grep -q silent /proc/$!/comm; do sleep 0.02; done`
    const { events } = await runs.run(page(['bash', '', code], ['bash', 'leaves="it is to go on"', code]))
    const [first, second] = events.filter(event => event.type === 'step.finished')
    expect(first?.error?.message).toMatch(/^\[silent\] \(process \d+\) was still running when the block ended/)
    expect(second?.left?.map(({ command }) => command)).toEqual(['[silent]'])
    for (const { pid } of second?.left ?? []) process.kill(pid, 'SIGKILL')
  })

  test('one among several lines is told by its words; one of many alike is not guessed', async () => {
    const markers = [makeMarker(), makeMarker()]
    const code = `sleep 0.01\nsleep ${markers[0]} > /dev/null &\nfor n in 1 2; do\n  sleep 0.01\ndone\nx=${markers[1]}\nsleep "$x" > /dev/null &\ntrue`
    const { events } = await runs.run(page(['bash', '', code]))
    const message = events.find(event => event.type === 'step.finished')?.error?.message
    expect(message).toMatch(new RegExp(`sleep ${markers[0]} \\(process \\d+, started at line 5\\)`))
    expect(message).toMatch(new RegExp(`sleep ${markers[1]} \\(process \\d+\\)`))
  })

  test('what is about to end is waited for, and what it says is heard', async () => {
    const code = 'exec > >(sleep 0.3; tee log.txt) 2>&1\necho one\necho two'
    const { events } = await runs.run(page(['bash', '', code], ['bash', '', '{ sleep 0.3; } > /dev/null 2>&1 &']))
    expect(tell(events)).toContain('s0 stdout: one\ntwo\n')
    expect(tell(events)).toEqual(expect.arrayContaining(['s0 passed', 's1 passed']))
  })

  test('a service goes on by its nature, also one without systemd, and the record says so', async () => {
    const markers = [makeMarker(), makeMarker(), makeMarker()]
    const services = {
      api: {
        start: `sleep ${markers[0]} > /dev/null 2>&1 &`,
        restart: `setsid sleep ${markers[1]} > /dev/null 2>&1 &`,
      },
    }
    const { events } = await runs.run(
      page(
        ['bash', 'risk=change', 'hb service api start'],
        ['ts', 'risk=change', `await service('api', 'restart')`],
        ['bash', 'risk=change', `hb service api start\nsleep ${markers[2]} > /dev/null 2>&1 &`],
      ),
      { environment: { services } },
    )
    const ends = events.filter(event => event.type === 'step.finished')
    expect(ends.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed'])
    expect(ends.map(({ left }) => left?.length)).toEqual([1, 1, 1])
    expect(ends[2]?.error?.message).toContain(`sleep ${markers[2]}`)
    const countLiving = () => markers.map(marker => findLiving(marker).length)
    await vi.waitFor(() => expect(countLiving()).toEqual([2, 1, 0]), { timeout: 30_000 })
    for (const marker of markers) for (const pid of findLiving(marker)) process.kill(pid, 'SIGKILL')
  })

  test.each([
    ['bash', 'HB_MAY_LIVE_ON=1 HB_OF_SERVICE=1 setsid sleep MARKER > /dev/null 2>&1 &'],
    ['bash', 'export HB_OF_SERVICE=$(cat "$HB_FOLDER/service")\nsetsid sleep MARKER > /dev/null 2>&1 &'],
    [
      'bash',
      'printf \'3\\0service\\0api\\0start\\0\' >> "$HB_FOLDER/said"\nHB_OF_SERVICE= setsid sleep MARKER > /dev/null 2>&1 &',
    ],
    [
      'ts',
      'process.env.HB_MAY_LIVE_ON = process.env.HB_OF_SERVICE = "1"; await $`setsid sleep MARKER > /dev/null 2>&1 &`',
    ],
    ['ts', 'await $({ env: { ...process.env, HB_OF_SERVICE: "undefined" } })`setsid sleep MARKER > /dev/null 2>&1 &`'],
  ])('nothing that a block says of itself makes a process a service: %s %s', async (language, code) => {
    const marker = makeMarker()
    const { events } = await runs.run(page([language, 'risk=change', code.replace('MARKER', marker)]), {
      environment: { services: { api: { start: 'true' } } },
    })
    expect(tell(events).at(-2)).toMatch(/^s0 failed .*sleep \d+ \(process \d+/)
    await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 30_000 })
  })

  test('what a process starts that may go on is not the next step’s, and goes on when that fails', async () => {
    const marker = makeMarker()
    const code = `setsid bash -c 'while [ ! -e go ]; do sleep 0.02; done; sleep ${marker} & touch gone; wait' > /dev/null 2>&1 &`
    const { events } = await runs.run(
      page(
        ['bash', 'leaves="a server that forks"', code],
        ['bash', '', 'touch go; until [ -e gone ]; do sleep 0.02; done'],
        ['bash', '', 'false'],
      ),
    )
    const ends = events.filter(event => event.type === 'step.finished')
    expect(ends.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed'])
    expect(endLiving(marker)).toBe(true)
  })
})
