import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSilence, listFiring, listSilences } from '../../src/alerts/index.ts'
import { type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from './provide-runs.ts'
import { tell } from './run-page.ts'

const runs = provideRuns()

/** A runbook whose temporary mitigation is this block; `look` runs while it is in force, and `undo` undoes it. */
const page = (language: string, code: string, { look = 'true', undo = 'true' } = {}) => `---
title: Slow
alerts: [Slow]
---
## Diagnose
### Slow?
\`\`\`bash
hb suggest quiet "it is slow"
\`\`\`
## Mitigate
### Quiet <!-- #quiet -->
\`\`\`${language}
${code}
\`\`\`
### Work <!-- #work -->
\`\`\`bash irreversible="it is a test"
${look}
\`\`\`
## Verify
### Fine?
\`\`\`bash
true
\`\`\`
## Roll back
### Loud <!-- #loud -->
\`\`\`bash undoes=quiet
${undo}
\`\`\`
`
const BASH = 'bash temporary silences=30m'
const SILENCE = 'hb silence --alert Slow,SlowToo --for 10m "the \\"queue\\" is moved"'

describe.runIf(requires('silences of runs', ['prometheus-alertmanager']))('a step with a real Alertmanager', () => {
  let alertmanager: RunningAlertmanager
  beforeAll(async () => {
    alertmanager = await startAlertmanager()
    await alertmanager.post({ alertname: 'Slow' }, 3600)
    await alertmanager.post({ alertname: 'Other' }, 3600)
  })
  afterAll(() => alertmanager?.stop())

  const environment = () => ({ alertmanagerUrl: alertmanager.url })
  const quiet = async () =>
    (await listFiring(alertmanager.url)).flatMap(({ name, quiet }) => (quiet === 'silenced' ? name : []))
  const told = (events: Parameters<typeof tell>[0]) => tell(events.filter(({ type }) => /silenced$/.test(type)))

  test.each([
    ['bash', BASH, SILENCE],
    ['ts', 'ts temporary silences=30m', `await silence(['Slow', 'SlowToo'], '10m', 'the "queue" is moved')`],
  ])('silences from %s what it names, until the step that undoes it', async (_, language, code) => {
    let during: string[] = []
    let after: string[] = []
    const { events, ending } = await runs.run(page(language, code), {
      environment: environment(),
      listen: event => {
        if (event.type === 'step.silenced') void quiet().then(names => (during = names))
        if (event.type === 'step.unsilenced') void quiet().then(names => (after = [...names, 'asked']))
      },
    })
    expect(ending.outcome).toBe('healed')
    expect(told(events)).toEqual(['quiet silenced Slow SlowToo: the "queue" is moved', 'quiet unsilenced'])
    expect(during).toEqual(['Slow'])
    expect(after).toEqual(['asked'])
    expect(events.find(({ type }) => type === 'run.finished')).toMatchObject({ standing: [] })
    const loud = events.findIndex(event => event.type === 'step.finished' && event.step === 'loud')
    expect(events.findIndex(({ type }) => type === 'step.unsilenced')).toBeGreaterThan(loud)
  })

  test('says who silenced it, why, and in which run', async () => {
    const curl = `curl --silent ${alertmanager.url}/api/v2/silences | jq -r '.[] | select(.status.state == "active") | "\\(.createdBy): \\(.comment)"'`
    const { events } = await runs.run(page(BASH, `${SILENCE}\n${curl}`), { environment: environment() })
    const [started] = events
    const said = events.flatMap(event => (event.type === 'step.output' ? event.text : [])).join('')
    expect(said).toMatch(/^tester@\S+: the "queue" is moved \(run \S+, step quiet\)\n$/)
    expect(said).toContain(started?.run)
  })

  test('ends with a run that fails, and with one that is cancelled; the change stays unreverted', async () => {
    const failed = await runs.run(page(BASH, `${SILENCE}\nexit 3`), { environment: environment() })
    expect(failed.ending.outcome).toBe('failed')
    expect(told(failed.events).at(-1)).toBe('quiet unsilenced')
    expect(failed.events.at(-1)).toMatchObject({ standing: [{ step: 'quiet', undoneBy: 'loud' }] })

    const canceller = new AbortController()
    const cancelled = await runs.run(page(BASH, `${SILENCE}\necho now\nsleep 60`), {
      environment: environment(),
      signal: canceller.signal,
      listen: event => {
        if (event.type === 'step.output') canceller.abort()
      },
    })
    expect(cancelled.ending.outcome).toBe('cancelled')
    expect(told(cancelled.events).at(-1)).toBe('quiet unsilenced')
    expect(await listSilences(alertmanager.url)).toEqual([])
  })

  test('is ended by the roll back of its run, when that could not end it', async () => {
    const { events, folder } = await runs.run(page(BASH, 'exit 3'), { environment: environment() })
    // What a runner leaves that was killed: nobody ended it.
    await silenceAgain(alertmanager.url, `the queue is moved (run ${events[0]?.run}, step quiet)`)
    const back = await runs.run(page(BASH, SILENCE), { environment: environment(), rollsBack: folder })
    expect(told(back.events)).toEqual(['quiet unsilenced'])
    expect(await listSilences(alertmanager.url)).toEqual([])
  })

  test('ends by itself after its time, whatever became of the run', async () => {
    const code = 'hb silence --alert Slow --for 2s "a moment"\nsleep 4'
    const { events, ending } = await runs.run(page(BASH, code), { environment: environment() })
    expect(ending.outcome).toBe('healed')
    // Nobody had to end it.
    expect(told(events)).toEqual(['quiet silenced Slow: a moment'])
    expect(await listSilences(alertmanager.url)).toEqual([])
  })

  test('leaves what others silenced as it is', async () => {
    await silenceAgain(alertmanager.url, 'another maintenance')
    await runs.run(page(BASH, SILENCE), { environment: environment() })
    expect((await listSilences(alertmanager.url)).map(({ comment }) => comment)).toEqual(['another maintenance'])
  })

  test.each([
    ['longer than the page says', BASH, 'hb silence --alert Slow --for 31m "x"', /30 m(in)?\S* at most, not 31/],
    ['without a time', BASH, 'hb silence --alert Slow --for soon "x"', /soon is not a duration such as 30m/],
    ['what is no name', BASH, "hb silence --alert '.+' --for 1m x", /is not the name of an alert/],
    ['from a step that does not say it', 'bash temporary', SILENCE, /#quiet may not silence anything: write temporary/],
    ['from a change that is not temporary', 'bash silences=30m', SILENCE, /#quiet may not silence anything/],
    ['from a read step', 'bash risk=read silences=30m temporary', SILENCE, /a read step may not silence/],
  ])('refuses to silence %s', async (_, language, code, why) => {
    const before = await listSilences(alertmanager.url)
    const { events } = await runs.run(page(language, code), { environment: environment() })
    const finished = events.find(event => event.type === 'step.finished' && event.step === 'quiet')
    expect(finished).toMatchObject({ status: 'failed' })
    expect(JSON.stringify(finished)).toMatch(why)
    expect(await listSilences(alertmanager.url)).toEqual(before)
  })
})

test('without an Alertmanager nothing can be silenced', async () => {
  const { events } = await runs.run(page(BASH, SILENCE))
  expect(JSON.stringify(events)).toContain('names no Alertmanager, so nothing can be silenced there')
})

test('an Alertmanager that does not answer silences nothing', async () => {
  const { events } = await runs.run(page(BASH, SILENCE), { environment: { alertmanagerUrl: 'http://127.0.0.1:1' } })
  expect(JSON.stringify(events)).toContain('http://127.0.0.1:1 does not answer')
})

async function silenceAgain(url: string, comment: string): Promise<void> {
  await createSilence(url, { alerts: ['Slow'], until: new Date(Date.now() + 60_000), by: 'another', comment })
}
