import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { eventually, findLiving, makeMarker } from '../execute/living.ts'
import { readRecording } from '../runner/run-page.ts'
import { createHandbook } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
/** The page's name, which no other process has among its arguments. */
let id: string

const needs = ['ssh-keygen', 'script'] as const
describe.runIf(requires('signals while an approval is awaited', needs))('while an approval is awaited', () => {
  beforeEach(async () => {
    handbook = await createHandbook()
    id = makeMarker()
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'anna', '-f', join(handbook.root, 'anna')])
    const key = readFileSync(join(handbook.root, 'anna.pub'), 'utf8').trim()
    handbook.write(
      'handbook.yaml',
      `url: https://x.example\nenvironments:\n  production: { auto: danger, protected: true, approvers: { anna: ${key} } }\n`,
    )
    handbook.write(
      `docs/${id}.md`,
      '## Procedure\n\n### Purge <!-- #purge -->\n\n```bash risk=danger\necho purged >> witness\n```\n',
    )
  })
  afterEach(() => handbook.remove())

  const program = () => `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
  const runs = () => join(handbook.cwd, '.handbook/runs')
  const folder = () => join(runs(), readdirSync(runs())[0] ?? '')
  const isAwaited = () => existsSync(runs()) && existsSync(join(folder(), 'approvals/purge.txt'))

  /** The run has ended, and says so, and nothing was done. */
  async function expectEnded(): Promise<void> {
    expect(await eventually(() => findLiving(id).length === 0)).toBe(true)
    const { events } = await readRecording(folder())
    const outcome = expect.stringMatching(/^(?:cancelled|interrupted)$/)
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome })
    expect(events.filter(({ type }) => type === 'step.started')).toEqual([])
    const list = await handbook.run('runs', 'list', '--json')
    expect(JSON.parse(list.stdout).runs).toMatchObject([{ outcome }])
    // Whoever signs late allows what is resumed, and starts nothing.
    const run = readdirSync(runs())[0] ?? ''
    const late = await handbook.run('runs', 'approve', run, 'purge', '--key', join(handbook.root, 'anna'), '--yes')
    expect(late.stdout).toContain(`Nobody waits for it: run ${run} has ended`)
    expect(existsSync(join(handbook.cwd, 'witness'))).toBe(false)
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT SIGINT'])(
    '%s ends the run',
    async signals => {
      const runner = handbook.start(['run', id, '--env', 'production', '--auto'])
      expect(await eventually(isAwaited)).toBe(true)
      for (const signal of signals.split(' '))
        runner.kill(signal === 'SIGINT' || signal === 'SIGHUP' ? signal : 'SIGTERM')
      expect((await runner).exitCode).toBe(130)
      await expectEnded()
    },
    120_000,
  )

  test('a terminal that is closed ends the run', async () => {
    const terminal = startTerminal(`${program()} run ${id} --env production --as ben`, handbook)
    await terminal.answer('Run it?', KEYS.enter)
    expect(await eventually(isAwaited)).toBe(true)
    terminal.close()
    await expectEnded()
  }, 120_000)

  test('Ctrl-C twice ends the run, and gives the terminal back', async () => {
    const terminal = startTerminal(
      `sh -c 'trap : INT; ${program()} run ${id} --env production --as ben; echo "code $?"; stty -a'`,
      handbook,
    )
    await terminal.answer('Run it?', KEYS.enter)
    await terminal.answer('runs approve', KEYS.interrupt + KEYS.interrupt)
    await terminal.answer('code 130', '')
    await terminal.over
    expect(terminal.shown()).toMatch(/(?<!-)\bisig icanon/)
    expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.raw().lastIndexOf('\u001b[?25l'))
    await expectEnded()
  }, 120_000)
})
