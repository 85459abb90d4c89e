import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually, findLiving, makeMarker } from '../execute/living.ts'
import { createHandbook, HANDBOOK, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let marker = ''
beforeEach(async () => {
  handbook = await createHandbook()
  marker = makeMarker()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/full.md', makePage())
})
afterEach(() => handbook.remove())

/** A runbook whose mitigation hangs until it is let go. */
function makePage(): string {
  const step = (id: string, code: string, meta = '') =>
    `### ${id} <!-- #${id} -->\n\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
  return `---
title: It is full
alerts: [ThingFull]
---

## Diagnose

${step('look', 'echo look >> witness; hb suggest shed full; hb suggest grow full')}
## Mitigate

${step('shed', 'echo shed >> witness')}
${step('grow', `echo grow >> witness; test -e go || setsid sleep ${marker} & wait`)}
## Verify

${step('works', 'true')}
## Roll back

${step('take', 'echo take >> witness', 'undoes=shed')}
`
}

const words = (text: string) => text.split(' ')
const witness = () => readFileSync(join(handbook.cwd, 'witness'), 'utf8').trimEnd().split('\n')
const findRun = () => readdirSync(join(handbook.cwd, '.handbook/runs'))[0] ?? ''

/** Starts a run, and waits until it hangs. */
async function hang() {
  const runner = handbook.start(words('run full --env staging --auto'))
  expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
  const run = findRun()
  const ledger = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
  expect(await eventually(() => readFileSync(ledger, 'utf8').includes('"step.supervised","step":"grow"'))).toBe(true)
  return { runner, run }
}

async function killed(): Promise<string> {
  const { runner, run } = await hang()
  runner.kill('SIGKILL')
  await runner
  expect(await eventually(() => findLiving(marker).length === 0, 2000)).toBe(true)
  writeFileSync(join(handbook.cwd, 'go'), '')
  return run
}

describe('a run whose runner was killed', () => {
  test('is shown as interrupted, and goes on once it is said what to do about the step in which it was', async () => {
    const run = await killed()
    expect((await handbook.run('runs', 'list')).stdout).toMatch(/interrupted +full/)
    const shown = await handbook.run('runs', 'show', run)
    expect(shown.stdout).toContain('INTERRUPTED: its runner is gone')
    expect(shown.stdout).toContain(`#grow may be only partially done\nResume it: handbook runs resume ${run}`)
    expect(await handbook.run('runs', 'resume', run, '--auto')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^✗ “grow” was interrupted.*\n {2}Look how far it came/),
    })
    const resumed = await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'repeat')
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(resumed.stdout).toContain(
      'Done before\n  ✓ look #look found\n  ✓ shed #shed passed\n  ◌ grow #grow had begun\n',
    )
    expect(resumed.stdout).toMatch(/\nHEALED \S+ m?s after it was resumed\n/)
    expect(witness()).toEqual(['look', 'shed', 'grow', 'grow'])
    expect((await handbook.run('runs', 'show', run)).exitCode).toBe(0)
    expect(await handbook.run('runs', 'resume', run, '--auto')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`Run ${run} is over: healed`),
    })
  }, 120_000)

  test('with half a line at the end of its ledger goes on after the last whole one', async () => {
    const run = await killed()
    const ledger = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
    truncateSync(ledger, readFileSync(ledger).length - 30)
    expect(await handbook.run('runs', 'show', run)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is incomplete: its writer ended while it was writing'),
    })
    const resumed = await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'skip', '--json')
    expect(readEvents(resumed.stdout).at(-1)).toMatchObject({ outcome: 'healed' })
    expect(witness()).toEqual(['look', 'shed', 'grow'])
    expect((await handbook.run('runs', 'show', run)).exitCode).toBe(0)
  }, 120_000)

  test('does not go on with a page that has changed, nor with a ledger that somebody touched', async () => {
    const run = await killed()
    handbook.write('runbooks/full.md', makePage().replace('echo shed', 'echo another'))
    expect(await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'skip')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('the block of #shed is another'),
    })
    const ledger = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
    writeFileSync(ledger, readFileSync(ledger, 'utf8').replace('full', 'fuel'))
    expect(await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'skip')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/Line \d+ of the ledger .* was changed/),
    })
    expect(witness()).toEqual(['look', 'shed', 'grow'])
  }, 120_000)

  test('whose step’s watchers were killed with it: what the step left is ended before the run goes on', async () => {
    const { runner, run } = await hang()
    const events = readFileSync(join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson'), 'utf8')
    const pids = [...events.matchAll(/"step.supervised","step":"grow","process":\{"pid":(\d+)/g)].map(([, pid]) =>
      Number(pid),
    )
    const guard = pids[0] ?? 0
    const children = readFileSync(`/proc/${guard}/task/${guard}/children`, 'utf8')
    const watchers = [guard, ...children.trim().split(' ').map(Number)]
    for (const pid of watchers) process.kill(pid, 'SIGSTOP')
    runner.kill('SIGKILL')
    for (const pid of watchers) process.kill(pid, 'SIGKILL')
    await runner
    expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
    writeFileSync(join(handbook.cwd, 'go'), '')
    expect((await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'skip')).exitCode).toBe(0)
    expect(findLiving(marker)).toEqual([])
  }, 120_000)
})

describe('a run under way', () => {
  test('can be neither resumed nor taken back, and is ended by cancel, with all its processes', async () => {
    const { runner, run } = await hang()
    for (const command of ['resume', 'roll-back']) {
      expect(await handbook.run('runs', command, run, '--auto')).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining(`Run ${run} is still running`),
      })
    }
    expect((await handbook.run('runs', 'show', run)).stdout).toContain(`Stop it: handbook runs cancel ${run}`)
    const cancelled = await handbook.run('runs', 'cancel', run)
    expect(cancelled.stdout).toContain(`Run ${run} is cancelled; all its processes have ended`)
    expect(findLiving(marker)).toEqual([])
    expect((await runner).exitCode).toBe(130)
    expect((await handbook.run('runs', 'cancel', run)).stdout).toContain(`Run ${run} is over: cancelled`)
  }, 120_000)

  test('even one that does not answer', async () => {
    const { runner, run } = await hang()
    runner.kill('SIGSTOP')
    const cancelled = await handbook.run('runs', 'cancel', run)
    expect(cancelled.stdout).toContain(`Run ${run} is interrupted; all its processes have ended`)
    expect(findLiving(marker)).toEqual([])
    await runner
  }, 120_000)

  test('keeps others from changing the same; one that only looks is free to', async () => {
    const { runner, run } = await hang()
    const other = await handbook.run(...words('run full --env staging --auto'))
    expect(other).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining(`is changing this already: run ${run}`),
    })
    expect((await handbook.run(...words('run full --env staging --auto --step look'))).exitCode).toBe(0)
    runner.kill('SIGKILL')
    await runner
    writeFileSync(join(handbook.cwd, 'go'), '')
    const after = await handbook.run(...words('run full --env staging --auto'))
    expect(after.exitCode).toBe(0)
    expect(after.stdout).toContain(`took over from run ${run}, because its runner has ended`)
  }, 120_000)
})

test('roll-back takes back what stands, once, in a run of its own', async () => {
  const run = await killed()
  const back = await handbook.run('runs', 'roll-back', run, '--auto')
  expect(back).toMatchObject({ exitCode: 0, stderr: '' })
  expect(back.stdout).toContain(`Takes back run ${run}`)
  expect(witness()).toEqual(['look', 'shed', 'grow', 'take'])
  const unknown = await handbook.run('runs', 'roll-back', run, '--auto', '--step', 'look')
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('No step #look of') })
  const again = await handbook.run('runs', 'roll-back', run, '--auto')
  expect(again.stdout).toContain('nothing is left to roll back')
  expect(witness()).toHaveLength(4)
  // Nothing was run for that.
  expect(again.stdout).not.toContain('PASSED')
  expect(JSON.parse((await handbook.run('runs', 'list', '--json')).stdout).runs).toHaveLength(2)
}, 120_000)

test('--from begins at a step, in a dry run as well', async () => {
  writeFileSync(join(handbook.cwd, 'go'), '')
  const dry = await handbook.run(...words('run full --env staging --from shed --dry-run --json'))
  expect(JSON.parse(dry.stdout).steps.map(({ id }: { id: string }) => id)).toEqual(['shed', 'grow', 'works', 'take'])
  expect((await handbook.run(...words('run full --env staging --auto --from shed'))).exitCode).toBe(0)
  expect(witness()).toEqual(['shed'])
  expect(await handbook.run(...words('run full --env staging --from nowhere'))).toMatchObject({ exitCode: 2 })
})
