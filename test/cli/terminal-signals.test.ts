import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { eventually, findLiving, makeMarker } from '../execute/living.ts'
import { readRecording } from '../runner/run-page.ts'
import { createHandbook, HANDBOOK } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

const { enter, interrupt, suspend } = KEYS

const page = (code: string, params = '') => `---
title: It is full
${params}
---

## Procedure

### Shed load <!-- #shed -->

\`\`\`bash
${code}
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
})
afterEach(() => handbook.remove())

const command = (words: string) => `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')} ${words}`
/** The same in a shell, which then says how the terminal was left. */
const start = (words: string) =>
  startTerminal(`sh -c 'trap : INT; ${command(words)}; echo "code $?"; stty -a; echo over'`, handbook)

async function readEvents() {
  const runs = join(handbook.cwd, '.handbook/runs')
  const [run = ''] = readdirSync(runs)
  return (await readRecording(join(runs, run))).events
}

function expectSaneTerminal({ raw, shown }: ReturnType<typeof startTerminal>): void {
  expect(raw().lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(raw().lastIndexOf('\u001b[?25l'))
  const [modes = ''] = /^[^\n]*isig.*$/ms.exec(shown()) ?? []
  for (const mode of ['isig', 'icanon', 'echo']) expect(modes.split(/\s+/)).toContain(mode)
}

/** A block that does not heed being asked to end. */
const STUBBORN = (marker: string) => `trap "" INT TERM; echo begun; sleep ${marker}; sleep ${marker}`

test.each([0, 50, 150])(
  'Ctrl-C twice, the second one %i ms later, loses nothing of the record',
  async pause => {
    const marker = makeMarker()
    handbook.write('runbooks/full.md', page(STUBBORN(marker)))
    const runner = handbook.start(['run', 'full', '--env', 'staging', '--auto'])
    expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
    runner.kill('SIGINT')
    await new Promise(resolve => setTimeout(resolve, pause))
    runner.kill('SIGINT')
    expect((await runner).exitCode).toBe(130)
    expect(findLiving(marker)).toEqual([])
    const events = await readEvents()
    expect(events.slice(-2)).toMatchObject([
      { type: 'step.finished', status: 'cancelled' },
      { type: 'run.finished', outcome: 'cancelled' },
    ])
  },
  60_000,
)

describe.runIf(requires('signals in a terminal', ['script']))('in a terminal', () => {
  test('Ctrl-C twice while a step runs ends it honestly, and gives the terminal back', async () => {
    handbook.write('runbooks/full.md', page(STUBBORN(makeMarker())))
    const terminal = start('run full --env staging')
    await terminal.answer('Run it?', enter)
    await terminal.answer('begun\n', interrupt + interrupt)
    await terminal.answer('over', '')
    await terminal.over
    expect((await readEvents()).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'cancelled' })
    expectSaneTerminal(terminal)
  }, 60_000)

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s at a question gives the terminal back',
    async name => {
      const id = makeMarker()
      handbook.write(`runbooks/${id}.md`, page('true'))
      const terminal = start(`run ${id} --env staging`)
      await terminal.answer('Run it?', '')
      for (const pid of findLiving(id)) process.kill(pid, name)
      await terminal.answer('code 130', '')
      await terminal.over
      const outcome = expect.stringMatching(/^(?:cancelled|interrupted)$/)
      expect((await readEvents()).at(-1)).toMatchObject({ type: 'run.finished', outcome })
      expectSaneTerminal(terminal)
    },
    60_000,
  )

  test('SIGTERM at the question for a parameter gives the terminal back', async () => {
    const id = makeMarker()
    handbook.write(
      `runbooks/${id}.md`,
      page('true', 'params:\n  age: { type: duration, default: 24h, description: How old }'),
    )
    const terminal = start(`run ${id} --env staging`)
    await terminal.answer('How old', '')
    for (const pid of findLiving(id)) process.kill(pid, 'SIGTERM')
    await terminal.answer('code 130', '')
    await terminal.over
    expectSaneTerminal(terminal)
  }, 60_000)

  test('a terminal that is closed at a question ends the run, and its record says so', async () => {
    const id = makeMarker()
    handbook.write(`runbooks/${id}.md`, page('true'))
    const terminal = startTerminal(command(`run ${id} --env staging`), handbook)
    await terminal.answer('Run it?', '')
    terminal.close()
    expect(await eventually(() => findLiving(id).length === 0)).toBe(true)
    const outcome = expect.stringMatching(/^(?:cancelled|interrupted)$/)
    expect((await readEvents()).at(-1)).toMatchObject({ type: 'run.finished', outcome })
  }, 60_000)

  test('a Ctrl-C that was typed while nobody asked counts at the next question', async () => {
    handbook.write(
      'runbooks/full.md',
      `${page('echo first; sleep 2')}\n### Second <!-- #second -->\n\n\`\`\`bash\necho second\n\`\`\`\n`,
    )
    const terminal = startTerminal(`sh -c 'stty -isig; ${command('run full --env staging')}'`, handbook)
    await terminal.answer('Run it?', enter)
    await terminal.answer('first\n', interrupt)
    expect(await terminal.over).toBe(130)
    expect(terminal.shown()).not.toContain('│ second')
    expect((await readEvents()).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'interrupted' })
  }, 60_000)

  test('after Ctrl-Z and fg the question is asked again, and the shell had its terminal in between', async () => {
    handbook.write('runbooks/full.md', page('echo it ran'))
    const terminal = startTerminal('bash --norc --noprofile -i', {
      ...handbook,
      env: { ...handbook.env, PS1: 'ready> ' },
    })
    await terminal.answer('ready> ', `${command('run full --env staging')}; echo "code $?"\r`)
    for (let time = 0; time < 2; time++) {
      await terminal.answer('Run it?', suspend)
      await terminal.answer('Stopped', '')
      await terminal.answer('ready> ', 'stty -a | grep -ow -e -icanon -e icanon; echo looked\r')
      await terminal.answer('\nlooked', '')
      expectCursor(terminal)
      await terminal.answer('ready> ', 'fg; echo "then $?"\r')
    }
    await terminal.answer('Run it?', `${enter}`)
    await terminal.answer('it ran', '')
    await terminal.answer('\nthen 0', 'exit\r')
    await terminal.over
    expect(terminal.shown()).not.toContain('\n-icanon')
    expect((await readEvents()).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'passed' })
  }, 90_000)
})

function expectCursor({ raw }: ReturnType<typeof startTerminal>): void {
  expect(raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001b[?25l'))
}
