import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFileStore, readHistory } from '../../src/journal/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { findObstacle, wantsDecision } from '../../src/runner/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, readRecording, tell } from './run-page.ts'

const runs = provideRuns()

function step(id: string, code: string, meta = ''): string {
  return `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

/** Each step says in a file of its own making that it ran. */
const witness = (id: string, code = ':') => `echo ${id} >> "$WITNESS"; ${code}`

const PAGE = `---
alerts: [A]
---
## Diagnose
${step('look', witness('look', 'echo full=97 >> "$STEP_OUTPUT"; hb suggest shed "it is full"; hb suggest grow "it is full"'))}
${step('other', witness('other', 'hb rule-out no'))}
## Mitigate
${step('shed', witness('shed'), 'temporary')}
${step('grow', witness('grow', 'echo $STEP_LOOK_FULL >> "$WITNESS.values"'))}
${step('spare', witness('spare'))}
## Verify
${step('canary', witness('canary'))}
## Roll back
${step('admit', witness('admit'), 'undoes=shed')}
${step('shrink', witness('shrink'), 'undoes=grow')}
`

let count = 0

/** Runs with a file of its own for the witness. */
async function run(options: RunOptions = {}, page = PAGE) {
  count += 1
  const file = join(runs.root, `witness-${count}`)
  const done = await runs.run(page, {
    ...options,
    environment: { variables: { WITNESS: file }, ...options.environment },
  })
  const seen = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  return { ...done, seen, file }
}

/** A copy of a run as its ledger was after so many events, and perhaps half of the next one. */
function cut(folder: string, lines: number, half = false): string {
  count += 1
  // Under its own id: a ledger that names another run is refused.
  const copy = join(runs.root, `cut-${count}`, 'runs', basename(folder))
  cpSync(folder, copy, { recursive: true })
  const text = readFileSync(join(folder, 'ledger.ndjson'), 'utf8').split('\n')
  const rest = half ? (text[lines]?.slice(0, 25) ?? '') : ''
  writeFileSync(join(copy, 'ledger.ndjson'), `${text.slice(0, lines).join('\n')}\n${rest}`)
  return copy
}

describe('a run whose runner was killed', () => {
  test('goes on after any event, and never repeats a step that had ended', async () => {
    const whole = await run()
    expect(whole.ending.outcome).toBe('healed')
    expect(whole.seen).toEqual(['look', 'other', 'shed', 'grow', 'admit', 'canary'])
    for (let lines = 1; lines < whole.events.length; lines++) {
      const before = whole.events.slice(0, lines)
      const ended = before.flatMap(event => (event.type === 'step.finished' ? event.step : []))
      const folder = cut(whole.folder, lines, lines % 2 === 0)
      const { ending, seen, file } = await run({ resumes: folder })
      expect({ lines, ending, seen }).toMatchObject({
        lines,
        ending: { outcome: 'healed' },
        seen: whole.seen.filter(id => !ended.includes(id)),
      })
      // A value from before is there.
      if (seen.includes('grow')) expect(readFileSync(`${file}.values`, 'utf8')).toBe('97\n')
      const after = await readRecording(folder)
      expect(after.badLine).toBeUndefined()
      expect(after.events.slice(0, lines)).toEqual(before)
      expect(after.events.at(-1)).toMatchObject({
        type: 'run.finished',
        standing: [{ step: 'grow', undoneBy: 'shrink' }],
      })
      expect(after.events.map(({ seq }) => seq)).toEqual(after.events.map((_, index) => index + 1))
    }
  }, 120_000)

  test('leaves a step that may be only partially done, when told so, and counts it as taken', async () => {
    const whole = await run()
    const lines = whole.events.findIndex(event => event.type === 'step.started' && event.step === 'grow') + 1
    const folder = cut(whole.folder, lines)
    const history = readHistory((await readRecording(folder)).events)
    expect(history?.half).toEqual({ step: 'grow' })
    const { seen, events } = await run({ resumes: folder, interrupted: 'skip' })
    expect(seen).toEqual(['admit', 'canary'])
    expect(tell(events)).toEqual([
      'resumed, skip grow',
      '# mitigate',
      'grow interrupted: it may be only partially done, and is not repeated',
      '# roll-back',
      'admit started',
      'admit passed',
      '# verify',
      'canary started',
      'canary passed',
      '= healed, standing grow, roll back shrink',
    ])
  })

  test('knows of every such step, also of one that began before another did', async () => {
    const whole = await run()
    const lines = whole.events.findIndex(event => event.type === 'step.started' && event.step === 'grow') + 1
    const folder = cut(whole.folder, lines)
    const writer = await createFileStore(dirname(folder)).reopen(basename(folder))
    writer.append({
      type: 'step.started',
      step: 'admit',
      title: '',
      phase: 'roll-back',
      risk: 'change',
      attempt: 1,
      blockHash: '',
    })
    await writer.close()
    expect(readHistory((await readRecording(folder)).events)).toMatchObject({
      open: ['grow', 'admit'],
      half: { step: 'admit' },
    })
    expect((await run({ resumes: folder, interrupted: 'skip' })).seen).toEqual(['canary'])
  })

  test('is resumed as often as it takes', async () => {
    const whole = await run()
    const folder = cut(whole.folder, 6)
    const canceller = new AbortController()
    const again = await run({
      resumes: folder,
      signal: canceller.signal,
      listen: event => event.type === 'step.started' && event.step === 'shed' && canceller.abort(),
    })
    expect(again.ending.outcome).toBe('cancelled')
    const { ending } = await run({ resumes: folder })
    expect(ending.outcome).toBe('healed')
    const { events, badLine } = await readRecording(folder)
    expect(badLine).toBeUndefined()
    expect(events.filter(({ type }) => type === 'run.resumed')).toHaveLength(2)
  })
})

test('a failure that had ended the run ends it again, without a second try', async () => {
  const page = PAGE.replace(witness('grow', 'echo $STEP_LOOK_FULL >> "$WITNESS.values"'), witness('grow', 'false'))
  const whole = await run({}, page)
  expect(whole.ending.outcome).toBe('failed')
  const { seen, ending } = await run({ resumes: cut(whole.folder, whole.events.length - 1) }, page)
  expect(seen).toEqual([])
  expect(ending).toEqual({ outcome: 'failed', reason: '“grow” failed' })
})

describe('what stands in the way of going on', () => {
  const dead = { user: 'u', host: '', pid: 2 ** 22 - 1 }

  async function obstacle(page: string, by = {}, lines = 8, started = {}) {
    const { hostname } = await import('node:os')
    const whole = await run()
    const { events } = await readRecording(cut(whole.folder, lines))
    const history = readHistory(events)
    if (!history) throw new Error('no history')
    const last = { ...dead, host: hostname(), ...by }
    const told = { ...history, by: last, started: { ...history.started, ...started } }
    return findObstacle('r', told, parseProcedure(page, 'page.md'))
  }

  test('nothing, when its runner is gone and its page is what it was', async () => {
    expect(await obstacle(PAGE)).toBeUndefined()
  })

  test('that it only looked at an alert before anybody came', async () => {
    expect(await obstacle(PAGE, {}, 8, { unasked: true })).toMatchObject({
      message: 'Run r only looked at an alert before anybody came',
    })
  })

  test('a runner that lives, or of which this machine cannot tell', async () => {
    expect(await obstacle(PAGE, { pid: process.pid })).toMatchObject({
      message: expect.stringMatching(/^Run r is still running: u@/),
    })
    expect(await obstacle(PAGE, { host: 'another' })).toMatchObject({
      message: expect.stringMatching(/may still be running on another/),
      hint: expect.stringContaining(`ps -p ${dead.pid}`),
    })
  })

  test('a later process of the same number is not the runner', async () => {
    expect(await obstacle(PAGE, { pid: process.pid, start: 'another boot/1' })).toBeUndefined()
  })

  test('a page that has changed, and what of it', async () => {
    const message = 'page.md has changed since run r started: '
    expect(await obstacle(PAGE.replace('rule-out no', 'rule-out nothing'))).toMatchObject({
      message: `${message}the block of #other is another`,
    })
    expect(await obstacle(PAGE.replaceAll('spare', 'new'))).toMatchObject({
      message: `${message}step #spare is gone; step #new is new`,
    })
    // Its prose is free to change, and so is a block that the run has not come to.
    expect(await obstacle(`${PAGE}\nSome words.\n`)).toBeUndefined()
    expect(await obstacle(PAGE.replace(witness('spare'), witness('spare', 'true')))).toBeUndefined()
  })

  test('that it is over', async () => {
    expect(await obstacle(PAGE, {}, 100)).toMatchObject({ message: 'Run r is over: healed' })
  })
})

test('only a step that changes something wants a decision', async () => {
  const whole = await run()
  const procedure = parseProcedure(PAGE, 'page.md')
  const wants = async (id: string) => {
    const lines = whole.events.findIndex(event => event.type === 'step.started' && event.step === id) + 1
    const history = readHistory((await readRecording(cut(whole.folder, lines))).events)
    return history && wantsDecision(history, procedure)
  }
  expect(await wants('look')).toBe(false)
  expect(await wants('grow')).toBe(true)
  expect(await wants('admit')).toBe(true)
})

describe('--from', () => {
  test('a mitigation takes that one, takes temporary measures back, and verifies', async () => {
    const { seen, ending } = await run({ from: 'shed' })
    expect(seen).toEqual(['shed', 'admit', 'canary'])
    expect(ending).toMatchObject({ outcome: 'healed' })
  })

  test('a value of a step that was not run blocks', async () => {
    const { events } = await run({ from: 'grow' })
    expect(tell(events)).toContain('grow blocked: the step look gave no value')
  })

  test('a diagnosis is never ruled out by half', async () => {
    const page = PAGE.replace('hb suggest shed "it is full"; hb suggest grow "it is full"', ':')
    const { seen, ending } = await run({ from: 'other' }, page)
    expect(seen).toEqual(['other'])
    expect(ending.outcome).toBe('inconclusive')
    expect(ending.reason).toBe('Diagnose suggests nothing to do here: the run began at “other”')
  })

  test('Verify alone', async () => {
    expect(await run({ from: 'canary' })).toMatchObject({ seen: ['canary'], ending: { outcome: 'passed' } })
  })

  test('a guide goes on from there', async () => {
    const page = `## Procedure\n${['a', 'b', 'c'].map(id => step(id, witness(id))).join('')}`
    expect((await run({ from: 'b' }, page)).seen).toEqual(['b', 'c'])
  })
})

describe('roll back', () => {
  test('takes back what stands, last one first, and knows the values of then', async () => {
    const page = PAGE.replace(witness('canary'), 'false')
      .replace(step('shed', witness('shed'), 'temporary'), step('shed', witness('shed')))
      .replace(witness('shrink'), witness('shrink', 'echo $STEP_LOOK_FULL >> "$WITNESS"'))
    const first = await run({}, page)
    expect(first.ending.outcome).toBe('failed')
    const { seen, events, ending } = await run({ rollsBack: first.folder }, page)
    expect(seen).toEqual(['shrink', '97', 'admit'])
    expect(events[0]).toMatchObject({ type: 'run.started', rollsBack: first.events[0]?.run })
    expect(events.at(-1)).toMatchObject({ standing: [] })
    expect(ending).toMatchObject({ outcome: 'passed' })
  })

  test('has what was only begun when the runner was killed', async () => {
    const whole = await run()
    const lines = whole.events.findIndex(event => event.type === 'step.started' && event.step === 'grow') + 1
    expect((await run({ rollsBack: cut(whole.folder, lines) })).seen).toEqual(['shrink', 'admit'])
  })

  test('what does not succeed still stands', async () => {
    const page = PAGE.replace(witness('shrink'), 'false')
    const first = await run({}, page)
    const { events, ending } = await run({ rollsBack: first.folder }, page)
    expect(ending.outcome).toBe('failed')
    expect(events.at(-1)).toMatchObject({ standing: [{ step: 'grow', undoneBy: 'shrink' }] })
  })
})

test('a run goes on without a lock where none can be written', async () => {
  const file = join(runs.root, 'a-file')
  mkdirSync(join(runs.root, 'folder'), { recursive: true })
  writeFileSync(file, '')
  const { events, ending } = await run({ leases: createFileStore(join(file, 'runs')) })
  expect(ending.outcome).toBe('healed')
  expect(tell(events)).toContainEqual(expect.stringMatching(/^warned: no lock stops others from changing the same: E/))
})
