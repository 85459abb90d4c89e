import { describe, expect, it } from 'vitest'
import { judgeDrill, type Observations } from '../../src/drill/make-proof.ts'
import type { DrillPlan } from '../../src/drill/plan-drills.ts'
import { hashParts } from '../../src/journal/index.ts'
import type { Workload } from '../../src/lab-port/index.ts'
import type { DrilledRun } from '../../src/operate/run-unattended.ts'
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

function judge(change: Partial<Observations>) {
  return judgeDrill(plan, world, { ...SEEN, ...change })
}

function run(
  id: string,
  outcome: 'healed' | 'ruled-out' | 'failed' | 'inconclusive',
  ran: readonly string[],
): DrilledRun {
  const steps = procedure.phases.flatMap(({ name, steps }) =>
    steps.map(step => ({
      id: step.id,
      title: step.title,
      phase: name,
      status: ran.includes(step.id) ? ('passed' as const) : ('waiting' as const),
      attempts: ran.includes(step.id) ? 1 : 0,
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
