import { describe, expect, it } from 'vitest'
import { judgeDrill, type Observations } from '../../src/drill/make-proof.ts'
import type { DrillPlan } from '../../src/drill/plan-drills.ts'
import { hashParts } from '../../src/journal/index.ts'
import type { Workload } from '../../src/lab-port/index.ts'
import type { DrilledRun } from '../../src/operate/perform/run-unattended.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

const PAGE = `---
title: Full
alerts: [Full]
drills: [{ fault: storage-filling, expect: [purge] }]
---
## Diagnose
### Full? <!-- #usage -->
\`\`\`bash
df
\`\`\`
## Mitigate
### Purge <!-- #purge -->
\`\`\`bash irreversible="stale"
purge
\`\`\`
### Grow <!-- #grow -->
\`\`\`bash irreversible="it is bigger"
grow
\`\`\`
## Verify
### Canary <!-- #canary -->
\`\`\`bash
canary
\`\`\`
`
const procedure = parseProcedure(PAGE, 'runbooks/full.md')
const [drill = { fault: '', expect: [] }] = procedure.drills
const plan: DrillPlan = {
  id: 'full--storage-filling',
  procedure,
  drill,
  standsOn: { page: 'a', fault: 'b', shipped: 'c' },
  suggestions: [
    { step: 'usage', suggests: 'purge', why: 'only … % is free' },
    { step: 'usage', suggests: 'grow', why: '…' },
  ],
}
const orders: Workload = {
  name: 'orders',
  enough: 1,
  start() {
    throw new Error('nothing is started here')
  },
}
const world = { timeScale: 60, commit: 'abc', lab: { workload: orders } }

const SEEN: Observations = {
  signal: 'alertmanager',
  alert: 'Full',
  control: run('r1', 'ruled-out', ['usage']),
  run: run('r2', 'healed', ['usage', 'purge', 'canary']),
  secondsToFire: 5,
  secondsToHeal: 3,
  secondsToClear: 2,
  workload: { name: 'orders', acknowledged: 120, lost: 0, counts: { shipped: 120 } },
  felt: { failedShare: 0.1, longestGapSeconds: 4 },
}

describe('judging a drill', () => {
  it('proves a page that ruled out, healed as expected and lost nothing', () => {
    const proof = judge({})
    expect(proof).toMatchObject({
      proven: true,
      outcome: 'healed',
      control: 'ruled-out',
      run: 'r2',
      contentHash: hashParts({ page: 'a', fault: 'b', shipped: 'c' }),
      standsOn: { page: 'a', fault: 'b', shipped: 'c' },
    })
    expect(proof.reason).toBeUndefined()
    expect(proof.steps).toEqual({ run: ['usage', 'purge', 'canary'], notRun: ['grow'] })
    expect(proof).not.toHaveProperty('walked')
  })

  it('says beside which other fault the page healed its own', () => {
    const beside = { ...plan, drill: { ...drill, with: 'downstream-down' } }
    expect(judgeDrill(beside, world, SEEN)).toMatchObject({ fault: 'storage-filling', with: 'downstream-down' })
    expect(judge({})).not.toHaveProperty('with')
  })

  it('records at which places the run suggested what', () => {
    const healed = run('r2', 'healed', ['usage', 'purge', 'canary'])
    const steps = healed.state.steps.map(step =>
      step.id === 'usage' ? { ...step, suggests: [{ step: 'purge', why: 'only 2 % is free', seq: 4 }] } : step,
    )
    const proof = judge({ run: { ...healed, state: { ...healed.state, steps } } })
    expect(proof.suggested).toEqual([{ step: 'usage', suggests: 'purge', why: 'only … % is free' }])
    expect(judge({}).suggested).toEqual([])
  })

  it('counts a roll-back step that was walked, with what it restored', () => {
    const walked = [{ step: 'grow', restored: ['release'] }]
    const proof = judge({ walked })
    expect(proof).toMatchObject({ proven: true, walked, steps: { notRun: [] } })
  })

  it.each<[string, Partial<Observations>, RegExp]>([
    [
      'a control that is not ruled out',
      { control: run('r1', 'inconclusive', ['usage']) },
      /healthy lab the run ended as inconclusive/,
    ],
    [
      'a control that changed something',
      { control: run('r1', 'ruled-out', ['usage', 'purge']) },
      /healthy lab the run took purge/,
    ],
    ['a run that did not heal', { run: run('r2', 'failed', ['usage', 'purge', 'canary']) }, /ended as failed/],
    [
      'another mitigation than expected',
      { run: run('r2', 'healed', ['usage', 'grow', 'canary']) },
      /took grow; the drill expects purge/,
    ],
    ['one mitigation too many', { run: run('r2', 'healed', ['usage', 'purge', 'grow', 'canary']) }, /took purge, grow/],
    [
      'an order that was lost',
      { workload: { name: 'orders', acknowledged: 60, lost: 1, counts: { shipped: 59 } } },
      /1 of 60 acknowledged orders were lost/,
    ],
    [
      'runs that nobody can look up',
      { run: { ...run('r2', 'healed', ['usage', 'purge', 'canary']), unrecorded: 'ENOSPC' } },
      /the runs could not be recorded: ENOSPC/,
    ],
    [
      'a workload of which nothing was acknowledged',
      { workload: { name: 'orders', acknowledged: 0, lost: 0, counts: {} } },
      /no orders were acknowledged/,
    ],
    ['Diagnose as the signal', { signal: 'diagnose' }, /no Alertmanager/],
    ['an alert that never fired', { failure: 'the alert did not fire' }, /did not fire/],
  ])('does not prove %s', (_, change, reason) => {
    const proof = judge(change)
    expect(proof.proven).toBe(false)
    expect(proof.reason).toMatch(reason)
  })

  it.each([
    ['fire', 4999, 'the alert took 5 s to fire, not at most 4.999 s'],
    ['heal', 2000, 'the run took 3 s to heal, not at most 2 s'],
    ['clear', 1000, 'the alert took 2 s to end, not at most 1 s'],
  ])('does not prove a drill that took longer to %s than it may', (part, limit, reason) => {
    const limited = (within: object) => judgeDrill({ ...plan, drill: { ...drill, within } }, world, SEEN)
    expect(limited({ [part]: limit })).toMatchObject({ proven: false, reason })
    const enough = { fire: 5000, heal: 3000, clear: 2000 }
    expect(limited(enough)).toMatchObject({ proven: true, within: { fire: 5, heal: 3, clear: 2 } })
  })

  it('says which other alerts fired, what took part, and what was felt when', () => {
    expect(judge({})).not.toHaveProperty('alsoFired')
    const moments = { broken: 10, fired: 15, healing: 16, healed: 19, cleared: 21 }
    const told = judge({ alsoFired: [], moments, made: { versions: { PostgreSQL: '18.1' } } })
    expect(told).toMatchObject({ proven: true, alsoFired: [], moments, versions: { PostgreSQL: '18.1' } })
  })

  it('does not prove a drill in which nobody saw the alert fire, or clear', () => {
    const { secondsToFire: _, ...unfired } = SEEN
    expect(judgeDrill(plan, world, unfired)).toMatchObject({ proven: false, reason: 'the alert was not seen to fire' })
    const { secondsToClear: __, ...uncleared } = SEEN
    expect(judgeDrill(plan, world, uncleared)).toMatchObject({
      proven: false,
      reason: 'the alert was not seen to clear',
    })
  })

  it('proves a page that escalates what nothing heals, and lost nothing', () => {
    expect(escalate({})).toMatchObject({
      proven: true,
      outcome: 'inconclusive',
      escalated: 'usage',
      secondsToHeal: null,
    })
  })

  it.each<[string, Partial<Observations>, RegExp]>([
    [
      'a run that healed all the same',
      { run: run('r2', 'healed', ['usage', 'purge', 'canary']) },
      /ended as healed, and did not escalate/,
    ],
    [
      'a run in which another step failed',
      { run: failAlso(run('r2', 'inconclusive', [], 'usage')) },
      /usage failed, grow failed, not usage failed/,
    ],
    [
      'a run in which no step failed',
      { run: run('r2', 'inconclusive', ['usage']) },
      /no failed step, not usage failed/,
    ],
    [
      'a run that was refused',
      { run: refused(run('r2', 'inconclusive', [], 'usage')) },
      /ended as inconclusive, and did not/,
    ],
    ['an alert that was gone', { stillFires: false }, /the alert did not fire any more/],
    [
      'an order that was lost',
      { workload: { name: 'orders', acknowledged: 60, lost: 1, counts: {} } },
      /1 of 60 acknowledged orders were lost/,
    ],
    ['an alert that came too late', { secondsToFire: 61 }, /took 61 s to fire, not at most 60 s/],
  ])('does not prove an escalation: %s', (_, change, reason) => {
    const proof = escalate(change)
    expect(proof).toMatchObject({ proven: false, reason: expect.stringMatching(reason) })
    expect(proof).not.toHaveProperty('escalated')
  })

  it('does not prove a drill whose workload was not counted, and says nothing of it', () => {
    const { workload: _, felt: __, ...seen } = SEEN
    expect(judgeDrill(plan, world, seen)).toMatchObject({ proven: false, reason: 'the orders were not counted' })
    expect(judgeDrill(plan, world, seen)).not.toHaveProperty('workload')
  })

  it('proves a page in a lab that has no workload, and says nothing of what was lost', () => {
    const { workload: _, felt: __, ...seen } = SEEN
    const proof = judgeDrill(plan, { ...world, lab: { workload: undefined } }, seen)
    expect(proof).toMatchObject({ proven: true })
    expect(proof).not.toHaveProperty('workload')
    expect(proof).not.toHaveProperty('felt')
  })

  it('does not prove a drill that ended before anything ran', () => {
    const proof = judgeDrill(plan, world, { signal: 'alertmanager' })
    expect(proof).toMatchObject({ proven: false, control: 'interrupted', outcome: 'interrupted', secondsToHeal: null })
  })
})

/** A drill that is to escalate, with what was seen of it. */
function escalate(change: Partial<Observations>) {
  const { secondsToHeal: _, secondsToClear: __, ...seen } = SEEN
  const drill = { fault: 'growth', expect: [], escalates: 'usage', within: { fire: 60_000 } }
  const ended = run('r2', 'inconclusive', [], 'usage')
  return judgeDrill({ ...plan, drill }, world, { ...seen, run: ended, stillFires: true, ...change })
}

/** The same with another step of Diagnose that failed. */
function failAlso(run: DrilledRun): DrilledRun {
  const steps = run.state.steps.map(step =>
    step.id === 'grow' ? { ...step, phase: 'diagnose', status: 'failed' as const } : step,
  )
  return { ...run, state: { ...run.state, steps } }
}

function refused(run: DrilledRun): DrilledRun {
  return { ...run, state: { ...run.state, refused: 'nobody is there' } }
}

function judge(change: Partial<Observations>) {
  return judgeDrill(plan, world, { ...SEEN, ...change })
}

function run(
  id: string,
  outcome: 'healed' | 'ruled-out' | 'failed' | 'inconclusive',
  ran: readonly string[],
  ...failed: readonly string[]
): DrilledRun {
  const steps = procedure.phases.flatMap(({ name, steps }) =>
    steps.map(step => ({
      id: step.id,
      title: step.title,
      phase: name,
      status: failed.includes(step.id)
        ? ('failed' as const)
        : ran.includes(step.id)
          ? ('passed' as const)
          : ('waiting' as const),
      attempts: ran.includes(step.id) || failed.includes(step.id) ? 1 : 0,
      seconds: 1,
      evidence: [],
    })),
  )
  return {
    head: 'feed',
    events: [],
    state: {
      id,
      procedure: 'full',
      title: 'Full',
      environment: 'lab',
      started: '2026-11-22T00:00:00.000Z',
      contentHash: '',
      outcome,
      steps,
      resumed: 0,
      approvals: [],
      unapproved: [],
      suggestions: [],
      warnings: [],
      standing: [],
      cures: [],
      rollBack: [],
    },
  }
}
