import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { tell } from './run-page.ts'

const runs = provideRuns()

function step(id: string, code: string, meta = ''): string {
  return `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

function runbook(verify: string): string {
  return [
    '---\nalerts: [Failing]\n---\n## Diagnose\n',
    step('look', 'hb suggest back "it fails"; hb suggest grow "it is full"'),
    '## Mitigate\n',
    step('back', 'echo older'),
    step('grow', 'echo grown'),
    '## Verify\n',
    step('canary', verify),
    '## Roll back\n',
    step('shrink', 'echo smaller', 'undoes=grow'),
    step('forward', 'echo newer', 'undoes=back when="the release was not the cause"'),
  ].join('\n')
}

const CONDITION = 'forward only when the release was not the cause'

describe('a change that healed', () => {
  test('is nothing that still has to be undone, and says when undoing it is right', async () => {
    const { events, ending } = await runs.run(runbook('true'))
    expect(ending.outcome).toBe('healed')
    expect(tell(events).at(-1)).toBe(`= healed, standing grow, roll back shrink, ${CONDITION}`)
  })

  test('stays when the run is rolled back, and goes when the step that undoes it is named', async () => {
    const page = runbook('false')
    const failed = await runs.run(page)
    expect(tell(failed.events).at(-1)).toBe(`= failed, standing grow, roll back shrink, ${CONDITION}`)

    const rolledBack = await runs.run(page, { rollsBack: failed.folder })
    expect(tell(rolledBack.events)).toContain('shrink passed')
    expect(tell(rolledBack.events)).not.toContain('forward started')
    expect(tell(rolledBack.events).at(-1)).toBe(`= passed, ${CONDITION}`)

    const forward = await runs.run(page, { rollsBack: failed.folder, rollsBackBy: 'forward' })
    expect(tell(forward.events)).toContain('forward passed')
    expect(tell(forward.events)).not.toContain('shrink started')
  })

  test('is not undone twice: naming the step again ends without a pass', async () => {
    const page = runbook('true')
    const healed = await runs.run(page)
    const forward = await runs.run(page, { rollsBack: healed.folder, rollsBackBy: 'forward' })
    expect(forward.ending.outcome).toBe('passed')
    const { ending } = await runs.run(page, { rollsBack: forward.folder, rollsBackBy: 'forward' })
    expect(ending.outcome).toBe('inconclusive')
  })
})

describe('what earlier runs left unreverted', () => {
  const change = {
    run: 'r1',
    procedure: 'other',
    page: 'Another page',
    started: '2026-11-22T03:12:04.000Z',
    step: 'shed',
    title: 'Shed load',
    undoneBy: 'admit',
  }
  const page = `## Procedure\n${step('one', 'true')}`
  const warnings = (events: Parameters<typeof tell>[0]) =>
    events.flatMap(event => (event.type === 'run.warned' ? event.message : []))

  test('is told before a step that changes something', async () => {
    const { events } = await runs.run(`## Procedure\n${step('one', 'true', 'risk=change')}`, {
      earlier: async () => [change],
    })
    const types = events.map(({ type }) => type)
    expect(types.indexOf('run.warned')).toBeLessThan(types.indexOf('step.started'))
  })

  test('is told while the first step looks around, and stands in the end of the run', async () => {
    const { events, ending } = await runs.run(page, { earlier: async () => [change] })
    expect(ending.outcome).toBe('passed')
    const types = events.map(({ type }) => type)
    expect(types.indexOf('run.warned')).toBeLessThan(types.indexOf('step.finished'))
    expect(warnings(events)).toEqual([
      '“Shed load” is unreverted, from “Another page” of 2026-11-22 03:12 UTC. Roll it back:\nhandbook runs roll-back r1',
    ])
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', earlier: [change], standing: [] })
  })

  test('is not told one by one when it is much', async () => {
    const { events } = await runs.run(page, { earlier: async () => Array(8).fill(change) })
    expect(warnings(events)).toHaveLength(6)
    expect(warnings(events).at(-1)).toBe('3 more unreverted: handbook runs unreverted')
  })

  test('keeps nobody from running, when it cannot be read or that takes for ever', async () => {
    const broken = await runs.run(page, { earlier: () => Promise.reject(new Error('no such disk')) })
    expect(broken.ending.outcome).toBe('passed')
    expect(warnings(broken.events)).toEqual(['it is not known what earlier runs left unreverted: no such disk'])
    expect(broken.events.at(-1)).not.toHaveProperty('earlier')
    const slow = await runs.run(page, { earlier: () => new Promise(() => undefined) })
    expect(slow.ending.outcome).toBe('passed')
    expect(slow.events.at(-1)).not.toHaveProperty('earlier')
  })
})
