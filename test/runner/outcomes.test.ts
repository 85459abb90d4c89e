import { describe, expect, test } from 'vitest'
import type { FiringAlert, FiringAnswer } from '../../src/alerts/index.ts'
import { provideRuns } from './provide-runs.ts'
import { createFakeClock, tell } from './run-page.ts'

const runs = provideRuns()

/** A step of a page. */
function step(id: string, code: string, meta = ''): string {
  return `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

/** What Alertmanager answers when these alerts fire, each a name and why nobody is told of it. */
function answer(...alerts: readonly string[]): FiringAnswer {
  const firing = alerts.map((alert): FiringAlert => {
    const [name = '', quiet] = alert.split(' ')
    const labels = { alertname: name }
    return quiet === 'silenced' || quiet === 'inhibited' ? { name, labels, quiet } : { name, labels }
  })
  return { asked: 'answered', firing }
}

const FRAME = '---\nalerts: [Filling]\n---\n'
const SHED = [step('shed', 'echo closed', 'temporary'), step('purge', 'echo purged'), step('grow', 'echo grown')].join(
  '',
)
const BACK = [step('admit', 'echo open', 'undoes=shed'), step('shrink', 'echo back', 'undoes=grow')].join('')

function runbook(diagnose: string, { mitigate = SHED, verify = step('canary', 'true'), back = BACK } = {}): string {
  return `${FRAME}## Diagnose\n${diagnose}\n## Mitigate\n${mitigate}\n## Verify\n${verify}\n## Roll back\n${back}`
}

describe('a runbook', () => {
  test.each([2000, 3000, 4000, 5000])(
    'takes what was suggested behind %i characters that it takes long to search for secrets',
    async count => {
      const look = step('look', `head -c ${count} /dev/zero | tr '\\0' a; hb suggest shed "it fills"`)
      const { events, ending } = await runs.run(runbook(look), { secrets: { key: 'a'.repeat(20_000) } })
      expect(tell(events)).toContain('look suggests shed: it fills')
      expect(ending.outcome).toBe('healed')
    },
  )

  test('heals: what was suggested is taken in the order of the page, and temporary measures are undone before Verify', async () => {
    const look = step('look', 'hb suggest grow "it is full"; hb suggest shed "it fills"')
    const { events, ending } = await runs.run(runbook(look))
    expect(tell(events)).toEqual([
      '# diagnose',
      'look started',
      'look suggests grow: it is full',
      'look suggests shed: it fills',
      'look passed',
      '# mitigate',
      'shed started',
      'shed stdout: closed\n',
      'shed passed',
      'grow started',
      'grow stdout: grown\n',
      'grow passed',
      '# roll-back',
      'admit started',
      'admit stdout: open\n',
      'admit passed',
      '# verify',
      'canary started',
      'canary passed',
      '= healed, standing grow, roll back shrink',
    ])
    expect(ending).toMatchObject({ outcome: 'healed' })
  })

  test('goes on diagnosing after a failure', async () => {
    const { events } = await runs.run(runbook(step('broken', 'false') + step('look', 'hb suggest purge why')))
    expect(tell(events)).toContainEqual(
      expect.stringMatching(/^broken failed at \d+:1: bash ended with exit code 1: false$/),
    )
    expect(tell(events).at(-1)).toBe('= healed')
  })

  test('is ruled out when every cause is, and changes nothing', async () => {
    const page = runbook(step('one', 'hb rule-out "40 % full"') + step('two', 'true'))
    const { events, ending } = await runs.run(page, { firingAlerts: async () => answer('Other') })
    expect(tell(events)).toEqual([
      '# diagnose',
      'one started',
      'one ruled-out: 40 % full',
      'two started',
      'two passed',
      '= ruled-out',
    ])
    expect(ending).toEqual({
      outcome: 'ruled-out',
      basis: { ruledOut: ['one'], silent: ['two'] },
      alerts: { asked: 'none-fires', alerts: ['Filling'] },
    })
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', ...ending })
  })

  test('is ruled out by Diagnose alone where there is nobody to ask, and records that nobody was asked', async () => {
    const { events, ending } = await runs.run(runbook(step('one', 'hb rule-out no')))
    expect(ending).toMatchObject({ outcome: 'ruled-out', alerts: { asked: 'nobody' } })
    expect(events.at(-1)).toMatchObject(ending)
  })

  test('asks nobody when it answers no alert', async () => {
    const firingAlerts = () => Promise.reject(new Error('asked'))
    const page = runbook(step('one', 'hb rule-out no')).replace(FRAME, '')
    const { ending } = await runs.run(page, { firingAlerts })
    expect(ending).toMatchObject({ outcome: 'ruled-out', alerts: { asked: 'no-alerts' } })
  })

  test.each([
    ['its alert fires all the same', answer('Filling'), 'Every cause is ruled out, yet Filling fires'],
    ['silenced', answer('Filling silenced'), 'Every cause is ruled out, yet Filling fires, and is silenced'],
    [
      'inhibited',
      answer('Filling inhibited', 'Other'),
      'Every cause is ruled out, yet Filling fires, and is inhibited',
    ],
    ['one of two silenced', answer('Filling', 'Filling silenced'), 'Every cause is ruled out, yet Filling fires'],
    [
      'nobody answers',
      { asked: 'no-answer', why: 'http://am answered 503' },
      'Every cause is ruled out, but it is unknown whether an alert of this page fires: http://am answered 503',
    ],
  ] satisfies readonly (readonly [string, FiringAnswer, string])[])(
    'is inconclusive when every cause is ruled out and its alert fires: %s',
    async (_, answered, reason) => {
      const page = runbook(step('one', 'hb rule-out no'))
      const { ending, events } = await runs.run(page, { firingAlerts: async () => answered })
      expect(ending).toMatchObject({ outcome: 'inconclusive', reason })
      expect(events.at(-1)).toMatchObject({
        ...ending,
        alerts: { asked: answered.asked === 'answered' ? 'fires' : 'no-answer' },
      })
    },
  )

  test('what Alertmanager says is redacted, and that it was asked is not', async () => {
    const { events } = await runs.run(runbook(step('one', 'hb rule-out no')), {
      secrets: { a: 'hunter22', b: 'no-answer' },
      firingAlerts: async () => ({ asked: 'no-answer', why: 'no hunter22' }),
    })
    expect(events.at(-1)).toMatchObject({ alerts: { asked: 'no-answer', why: 'no [redacted]' } })
  })

  test.each([
    ['nothing is suggested', step('one', 'true'), 'no step ruled anything out'],
    [
      'a diagnosis failed and another is ruled out',
      step('one', 'false') + step('two', 'hb rule-out no'),
      '“one” failed',
    ],
    ['a diagnosis was skipped', step('one', 'hb skip "no data"') + step('two', 'hb rule-out no'), '“one” skipped'],
  ])('is inconclusive when %s', async (_, diagnose, why) => {
    const { ending } = await runs.run(runbook(diagnose))
    expect(ending).toEqual({ outcome: 'inconclusive', reason: `Diagnose suggests nothing to do here: ${why}` })
  })

  test.each([
    [
      'change',
      { mitigate: SHED + step('last', 'exit 3') },
      'shed grow last',
      /^last failed at \d+:1: bash ended with exit code 3: exit 3$/,
    ],
    [
      'danger',
      { mitigate: SHED + step('last', 'exit 3', 'risk=danger') },
      'shed grow last',
      /^last failed at \d+:1: bash ended with exit code 3: exit 3$/,
    ],
  ])(
    'ends at a failed %s, with what would take back the steps really taken, last first',
    async (_, parts, __, failed) => {
      const look = step('look', 'for s in shed grow last; do hb suggest $s why; done')
      const { events } = await runs.run(runbook(look, parts))
      expect(tell(events)).toContainEqual(expect.stringMatching(failed))
      expect(tell(events).at(-1)).toBe('= failed, standing shed grow, roll back shrink admit')
      expect(tell(events)).not.toContain('# verify')
    },
  )

  test('ends at a failed Verify', async () => {
    const verify = step('canary', 'false') + step('other', 'true')
    const { events } = await runs.run(runbook(step('look', 'hb suggest grow why'), { verify }))
    expect(tell(events).slice(-3)).toEqual([
      'canary started',
      'canary failed at 27:1: bash ended with exit code 1: false',
      '= failed, standing grow, roll back shrink',
    ])
  })

  test('counts a step that failed half way as taken, and one that skipped itself or was blocked as not taken', async () => {
    const mitigate = [step('shed', 'hb skip "no need"'), step('grow', 'echo half; false')].join('')
    const look = step('look', 'hb suggest shed a; hb suggest grow b')
    const { events } = await runs.run(runbook(look, { mitigate }))
    expect(tell(events).at(-1)).toBe('= failed, standing grow, roll back shrink')
    const blocked = await runs.run(
      runbook(step('look', 'hb suggest shed a; exit 1'), {
        mitigate: step('shed', 'echo $STEP_LOOK_X') + step('grow', 'echo on'),
      }),
    )
    expect(tell(blocked.events).at(-1)).toBe('= failed')
  })

  test('is inconclusive when all that was suggested skipped itself, or nothing was verified', async () => {
    const look = step('look', 'hb suggest shed a')
    const skipped = await runs.run(runbook(look, { mitigate: step('shed', 'hb skip no') + step('grow', 'echo on') }))
    expect(skipped.ending).toEqual({ outcome: 'inconclusive', reason: 'every suggested mitigation was skipped' })
    const unverified = await runs.run(runbook(look, { verify: step('canary', 'hb skip no') }))
    expect(unverified.ending).toEqual({ outcome: 'inconclusive', reason: 'nothing was verified' })
  })

  test('is cancelled between two steps and inside one', async () => {
    const canceller = new AbortController()
    const { events, ending } = await runs.run(runbook(step('one', 'echo here; sleep 60') + step('two', 'true')), {
      signal: canceller.signal,
      listen: event => event.type === 'step.output' && canceller.abort(),
    })
    expect(tell(events)).toEqual(['# diagnose', 'one started', 'one stdout: here\n', 'one cancelled', '= cancelled'])
    expect(ending.outcome).toBe('cancelled')
  })
})

describe('an assessment', () => {
  test('runs every check, and passes when none fails', async () => {
    const page = (second: string) => `## Checks\n${step('a', 'true')}${step('b', second)}${step('c', 'true')}`
    expect((await runs.run(page('true'))).ending).toEqual({
      outcome: 'passed',
      basis: { passed: ['a', 'b', 'c'], skipped: [] },
    })
    const skipped = await runs.run(`## Checks\n${step('a', 'hb skip "no host"')}${step('b', 'hb skip no')}`)
    expect(skipped.ending).toEqual({ outcome: 'inconclusive', reason: 'nothing came to a result: #a, #b' })
    const { events, ending } = await runs.run(page('false'))
    expect(ending).toEqual({ outcome: 'failed', reason: '1 of 3 checks did not pass' })
    expect(tell(events)).toContain('c passed')
  })
})

describe('a guide', () => {
  test('runs its steps up to the first that fails', async () => {
    const page = `## Procedure\n${step('a', 'true')}${step('b', 'false')}${step('c', 'true')}`
    const { events, ending } = await runs.run(page)
    expect(ending).toEqual({ outcome: 'failed', reason: '“b” failed' })
    expect(tell(events)).not.toContain('c started')
    expect((await runs.run(`## Procedure\n${step('a', 'true')}`)).ending).toMatchObject({ outcome: 'passed' })
    const { ending: nothing } = await runs.run(`## Procedure\n${step('a', 'hb skip later')}`)
    expect(nothing).toEqual({ outcome: 'inconclusive', reason: 'nothing came to a result: #a' })
  })
})

describe('one step alone', () => {
  test('runs wherever it stands, and nothing else does', async () => {
    const { events, ending } = await runs.run(runbook(step('look', 'false')), { only: 'grow' })
    expect(tell(events)).toEqual([
      '# mitigate',
      'grow started',
      'grow stdout: grown\n',
      'grow passed',
      '= passed, standing grow, roll back shrink',
    ])
    expect(ending.outcome).toBe('passed')
    await expect(runs.run(runbook(step('look', 'false')), { only: 'gone' })).rejects.toThrow('page.md has no step gone')
  })
})

describe('retries', () => {
  test('wait between tries, and stop at the first that passes', async () => {
    const clock = createFakeClock()
    const code = 'echo x >> tries; [ $(wc -l < tries) -ge 3 ]'
    const { events } = await runs.run(`## Checks\n${step('a', code, 'retries=5 every=7s')}`, { clock })
    expect(tell(events)).toEqual([
      '# checks',
      'a started',
      'a retrying: bash ended with exit code 1: [ $(wc -l < tries) -ge 3 ]',
      'a started again, 2',
      'a retrying: bash ended with exit code 1: [ $(wc -l < tries) -ge 3 ]',
      'a started again, 3',
      'a passed',
      '= passed',
    ])
    expect(clock.waits).toEqual([7000, 7000])
    const finished = events.find(event => event.type === 'step.finished')
    expect(finished).toMatchObject({ seconds: 14 })
  })

  test('end when they are used up', async () => {
    const clock = createFakeClock()
    const { events } = await runs.run(`## Checks\n${step('a', 'false', 'retries=2')}`, { clock })
    expect(tell(events).slice(-2)).toEqual(['a failed at 4:1: bash ended with exit code 1: false', '= failed'])
    expect(clock.waits).toEqual([2000, 2000])
  })
})
