import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'
import { endLiving, eventually, findLiving, makeMarker, page } from './living.ts'

// These tests mostly wait: for time limits, and for processes to end.
vi.setConfig({ maxConcurrency: 4 })
const runs = provideRuns()
let withoutPerl: string

beforeAll(() => {
  withoutPerl = mkdtempSync(join(tmpdir(), 'handbook-path-'))
  for (const name of ['bash', 'sh', 'sleep', 'setsid', 'env', 'cat', 'timeout'])
    symlinkSync(findProgram(name), join(withoutPerl, name))
})
afterAll(() => {
  rmSync(withoutPerl, { recursive: true, force: true })
})

const ESCAPES: readonly [string, (marker: string) => string][] = [
  ['a child', marker => `sleep ${marker} & `],
  ['a session of its own', marker => `setsid sleep ${marker} &`],
  ['a double fork', marker => `( ( setsid sleep ${marker} & ) & )`],
  ['an empty environment', marker => `( env -i setsid sleep ${marker} & )`],
  ['one that ignores SIGTERM', marker => `( trap '' TERM HUP; setsid sleep ${marker} & )`],
  ['one that forks on', marker => `( while :; do sleep ${marker} & sleep 0.01; done ) &`],
]

describe.concurrent.each(ESCAPES)('%s', (_, flee) => {
  test('is ended with a step that takes too long', async () => {
    const marker = makeMarker()
    const { events } = await runs.run(page(['bash', 'timeout=1s', `${flee(marker)}\nsleep 60`]))
    expect(tell(events)).toContain('s0 timed-out: ended after 1 s, its timeout')
    await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 20_000 })
  })

  test('is ended with a step that fails', async () => {
    const marker = makeMarker()
    const { events } = await runs.run(page(['bash', '', `${flee(marker)}\nsleep 0.2; exit 4`]))
    expect(tell(events)).toContainEqual(
      expect.stringMatching(/^s0 failed at \d+:1: bash ended with exit code 4: exit 4$/),
    )
    await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 20_000 })
  })

  test('is ended with a ts block that takes too long', async () => {
    const marker = makeMarker()
    const code = `require('node:child_process').spawn('bash', ['-c', ${JSON.stringify(flee(marker))}], { stdio: 'ignore' })\nfor (;;) {}`
    const { events } = await runs.run(page(['ts', 'timeout=3s', code]))
    expect(tell(events)).toContain('s0 timed-out: ended after 3 s, its timeout')
    await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 20_000 })
  })

  test('is ended with a cancelled step', async () => {
    const marker = makeMarker()
    const canceller = new AbortController()
    const { events } = await runs.run(page(['bash', '', `${flee(marker)}\necho on; sleep 60`]), {
      signal: canceller.signal,
      listen(event) {
        if (event.type === 'step.output') canceller.abort()
      },
    })
    expect(tell(events).slice(-2)).toEqual(['s0 cancelled', '= cancelled'])
    await vi.waitFor(() => expect(findLiving(marker)).toEqual([]), { timeout: 20_000 })
  })
})

test('a daemon that a step leaves on purpose survives later failures, timeouts and the run', async () => {
  const bash = makeMarker()
  const ts = makeMarker()
  const later = makeMarker()
  const { events } = await runs.run(
    page(
      ['bash', 'leaves="it is to stay"', `setsid sleep ${bash} > /dev/null 2>&1 &`],
      [
        'ts',
        'leaves="it is to stay"',
        `require('node:child_process').spawn('sleep', ['${ts}'], { detached: true, stdio: 'ignore' }).unref()`,
      ],
      ['ts', '', `$\`sleep ${later}\`.nothrow(); await new Promise(r => setTimeout(r, 300)); throw new Error('no')`],
      ['ts', 'timeout=1s', `for (;;) {}`],
      ['bash', 'timeout=1s', `sleep ${later}`],
      ['ts', '', `return 1`],
    ),
  )
  expect(
    tell(events)
      .filter(line => /^s\d [^s]/.test(line))
      .map(line => line.split(':')[0]),
  ).toEqual(['s0 passed', 's1 passed', 's2 failed at 12', 's3 timed-out', 's4 timed-out', 's5 passed 1'])
  expect(findLiving(later)).toEqual([])
  expect([bash, ts].map(endLiving)).toEqual([true, true])
})

test('a block that ends its own process fails, leaves nothing, and the next one runs', async () => {
  const marker = makeMarker()
  const { events } = await runs.run(
    page(
      ['ts', '', `$\`setsid sleep ${marker}\`\nawait new Promise(r => setTimeout(r, 300))\n  process.exit(0)`],
      ['ts', '', `process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => {})`],
      ['ts', '', `return 'on'`],
    ),
  )
  expect(tell(events).filter(line => / (?:failed|passed)/.test(line))).toEqual([
    's0 failed at 6:11: Error: process.exit(0) was called: a block ends with return, or with throw',
    "s1 failed: the step's process was ended by SIGKILL",
    's2 passed "on"',
    '= failed',
  ])
  expect(findLiving(marker)).toEqual([])
})

test('a ts block that crashes its process fails, and the run goes on', async () => {
  const { events } = await runs.run(page(['ts', '', 'process.abort()'], ['bash', '', 'true']))
  expect(tell(events)).toContain("s0 failed: the step's process was ended by SIGABRT")
  expect(tell(events)).toContain('s1 passed')
})

/** How a step finds the two processes that watch over it. */
const WATCHERS: readonly (readonly [string, string])[] = [
  ['its supervisor', '$PPID'],
  ['the guard of its supervisor', '$(ps -o ppid= -p $PPID)'],
]

describe.each(WATCHERS)('when %s is killed', (_, watcher) => {
  test.each(ESCAPES)('%s is ended, and the step says what happened', async (_, flee) => {
    const marker = makeMarker()
    const code = `${flee(marker)}\nsleep 0.3; kill -9 ${watcher}; sleep 60`
    const { events } = await runs.run(page(['bash', '', code], ['bash', '', 'true']))
    expect(tell(events)).toContain(
      's0 failed: bash was ended with all that it had started, because its supervisor was killed',
    )
    expect(tell(events)).toContain('s1 passed')
    expect(findLiving(marker)).toEqual([])
  })

  test('what a ts block started is ended', async () => {
    const marker = makeMarker()
    const code = [
      `process.env.PPID_OF_BLOCK = String(process.ppid)`,
      `await $\`( env -i setsid sleep ${marker} & )\nsleep 0.3; kill -9 ${watcher.replaceAll('$PPID', '$PPID_OF_BLOCK')}; sleep 60\``,
    ].join('\n')
    const { events } = await runs.run(page(['ts', '', code.replaceAll('$(ps', '\\$(ps')], ['ts', '', 'return 1']))
    expect(tell(events)).toContain(
      "s0 failed: the step's process was ended with all that it had started, because its supervisor was killed",
    )
    expect(tell(events)).toContain('s1 passed 1')
    expect(findLiving(marker)).toEqual([])
  })

  test('what an earlier step left on purpose goes on', async () => {
    const [stays, goes] = [makeMarker(), makeMarker()]
    const { events } = await runs.run(
      page(
        ['bash', 'leaves="it is to stay"', `setsid sleep ${stays} > /dev/null 2>&1 &`],
        ['bash', '', `setsid sleep ${goes} &\nsleep 0.3; kill -9 ${watcher}; sleep 60`],
      ),
    )
    expect(tell(events)).toContain('s0 passed')
    expect(findLiving(goes)).toEqual([])
    expect(endLiving(stays)).toBe(true)
  })
})

test('when both are killed, what carries the mark of the step is ended all the same, and the step says what is not known', async () => {
  const [stays, goes] = [makeMarker(), makeMarker()]
  const { events } = await runs.run(
    page(
      ['bash', 'leaves="it is to stay"', `setsid sleep ${stays} > /dev/null 2>&1 &`],
      [
        'bash',
        '',
        `( setsid sleep ${goes} & )\nsleep 0.3; both="$PPID $(ps -o ppid= -p $PPID)"; kill -STOP $both; kill -9 $both; sleep 60`,
      ],
      ['bash', '', 'true'],
    ),
  )
  expect(tell(events)).toContain(
    's1 failed: bash was ended, because its supervisors were killed. What it had started with an empty environment may still run',
  )
  expect(tell(events)).toContain('s2 passed')
  expect(findLiving(goes)).toEqual([])
  expect(endLiving(stays)).toBe(true)
})

test('a step that ends by itself once it is asked to does not take the next one with it', async () => {
  const marker = makeMarker()
  const { events } = await runs.run(
    page(
      ['ts', 'timeout=2s', `await new Promise(resolve => process.once('SIGTERM', resolve)); return 'ended'`],
      ['ts', '', `await sleep(1200); return 'own'`],
      ['bash', 'timeout=500ms', `trap 'exit 0' TERM; setsid sleep ${marker} & wait`],
      ['bash', '', 'sleep 1.2; echo own'],
    ),
  )
  expect(tell(events).filter(line => /^s\d (?!started)/.test(line))).toEqual([
    's0 timed-out: ended after 2 s, its timeout',
    's1 passed "own"',
    's2 timed-out: ended after 500 ms, its timeout',
    's3 stdout: own\n',
    's3 passed',
  ])
  expect(findLiving(marker)).toEqual([])
})

describe('without perl', () => {
  test('blocks run, and a failed or hanging step leaves nothing that stays below it', async () => {
    const [one, two] = [makeMarker(), makeMarker()]
    const { events } = await runs.run(
      page(
        ['bash', '', 'echo out; echo é'],
        ['bash', '', `sleep ${one} & exit 5`],
        ['bash', 'timeout=2s', `trap '' TERM; setsid sleep ${two} & sleep ${two}`],
        ['ts', '', 'console.log(1); await $`echo 2`; return 3'],
        ['ts', 'timeout=4s', 'for (;;) {}'],
      ),
      { path: withoutPerl },
    )
    expect(tell(events)).toEqual([
      '# checks',
      's0 started',
      's0 stdout: out\né\n',
      's0 passed',
      's1 started',
      expect.stringMatching(/^s1 failed at \d+:1: bash ended with exit code 5: exit 5$/),
      's2 started',
      's2 timed-out: ended after 2 s, its timeout',
      's3 started',
      's3 stdout: 1\n',
      's3 stderr: $ echo 2\n',
      's3 stdout: 2\n',
      's3 passed 3',
      's4 started',
      's4 timed-out: ended after 4 s, its timeout',
      '= failed',
    ])
    expect(await eventually(() => [...findLiving(one), ...findLiving(two)].length === 0)).toBe(true)
  })

  test('what carries the mark of a step is ended when its supervisor is killed', async () => {
    const marker = makeMarker()
    const code = `( setsid sleep ${marker} & )\nsleep 0.3; kill -9 $PPID; sleep 60`
    const { events } = await runs.run(page(['bash', '', code], ['bash', '', 'true']), { path: withoutPerl })
    expect(tell(events)).toContainEqual(
      expect.stringMatching(/^s0 failed: bash was ended, because its supervisors? .* killed/),
    )
    expect(tell(events)).toContain('s1 passed')
    expect(findLiving(marker)).toEqual([])
  })

  test('a ts block that leaves a command pending leaves nothing', async () => {
    const marker = makeMarker()
    const { events } = await runs.run(page(['ts', '', `$\`setsid sleep ${marker}\``], ['ts', '', 'return 1']), {
      path: withoutPerl,
    })
    const ends = tell(events).filter(line => /^s\d (?:failed|passed)/.test(line))
    expect(ends).toEqual([
      expect.stringMatching(/^s0 failed at 4:2: the command in .* was still pending/),
      's1 passed 1',
    ])
    expect(await eventually(() => findLiving(marker).length === 0)).toBe(true)
  })
})

function findProgram(name: string): string {
  const folder = (process.env.PATH ?? '').split(delimiter).find(folder => existsSync(join(folder, name)))
  return join(folder ?? '/usr/bin', name)
}
