import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { AskedAlerts, Outcome, RunEvent, RunFact } from '../../src/journal/index.ts'
import { createRunReporter, runFormats } from '../../src/report/index.ts'

const NONE_FIRES = 'no alert of this page fires'

/** The events of a run of a runbook that ended so. */
function makeRun(end: { outcome: Outcome; reason?: string; alerts?: AskedAlerts }): readonly RunEvent[] {
  const facts: readonly RunFact[] = [
    {
      type: 'run.started',
      procedure: 'p',
      path: 'runbooks/p.md',
      title: 'It is full',
      environment: 'production',
      target: {},
      params: {},
      contentHash: 'a'.repeat(64),
      by: { user: 'ann', host: 'ops-1', pid: 7 },
      mode: 'auto',
      steps: [{ id: 'look', title: 'Look', phase: 'diagnose', risk: 'read' }],
    },
    { type: 'step.started', step: 'look', title: 'Look', phase: 'diagnose', risk: 'read', attempt: 1, blockHash: 'b' },
    { type: 'step.finished', step: 'look', status: 'ruled-out', seconds: 1, reason: '40 % full' },
    { type: 'run.finished', seconds: 1, standing: [], rollBack: [], ...end },
  ]
  return facts.map((fact, index) => ({ seq: index + 1, time: '2026-11-22T03:15:00.000Z', run: 'r', ...fact }))
}

/** What every reader of a run is told, as plain words. */
function tellAll(events: readonly RunEvent[], outcome: Outcome): Record<string, string> {
  let terminal = ''
  const report = createRunReporter(text => {
    terminal += text
  }, 1000)
  for (const event of events) report(event)
  const record = { events, outcome, head: 'd'.repeat(64), files: new Map(), ledger: new Uint8Array() }
  const formats = ['markdown', 'html', 'junit', 'json'] as const
  const told = Object.fromEntries(formats.map(format => [format, String(runFormats[format](record))]))
  // CI=true colours it.
  return { terminal: stripVTControlCharacters(terminal), ...told }
}

describe('a run that was ruled out says what was asked of alerts, and no more', () => {
  test.each<[string, AskedAlerts | undefined, string]>([
    ['none fires', { asked: 'none-fires', alerts: ['A'] }, NONE_FIRES],
    ['nobody was asked', { asked: 'nobody' }, 'was not asked: the environment names no Alertmanager.'],
    ['the page has none', { asked: 'no-alerts' }, 'This page answers no alert'],
    ['an older ledger', undefined, 'It was not recorded whether an alert of this page fires.'],
  ])('%s', (_, alerts, sentence) => {
    const told = tellAll(makeRun({ outcome: 'ruled-out', ...(alerts ? { alerts } : {}) }), 'ruled-out')
    expect(Object.keys(told)).toHaveLength(5)
    for (const [reader, text] of Object.entries(told)) {
      expect(text, reader).toContain(sentence)
      expect(text.includes(NONE_FIRES), reader).toBe(sentence === NONE_FIRES)
      expect(text, reader).not.toContain('Nothing was changed')
    }
    if (alerts) expect(JSON.parse(told.json ?? '')).toMatchObject({ outcome: 'ruled-out', alerts })
    expect(told.junit).toContain('<testcase name="Ruled out" classname="Outcome">')
    expect(told.junit).toContain('failures="0"')
  })

  test('a step that ran alone says only its own reason', () => {
    const told = tellAll(makeRun({ outcome: 'ruled-out', reason: '40 % full' }), 'ruled-out')
    for (const [reader, text] of Object.entries(told)) {
      expect(text, reader).toContain('40 % full')
      expect(text, reader).not.toMatch(/Every cause|recorded whether/)
    }
  })
})

test('an inconclusive run is no success for whoever counts failures', () => {
  const reason = 'Every cause is ruled out, yet A fires, and is silenced'
  const alerts = { asked: 'fires', firing: [{ alert: 'A', quiet: 'silenced' }] } as const
  const told = tellAll(makeRun({ outcome: 'inconclusive', reason, alerts }), 'inconclusive')
  for (const [reader, text] of Object.entries(told)) expect(text, reader).toContain(reason)
  expect(told.junit).toContain('failures="1"')
})

test.each<[Outcome, string]>([
  ['healed', 'A mitigation was taken, and Verify passed. It was not recorded'],
  ['passed', 'PASSED after 1 s'],
])('%s says that it did', (outcome, sentence) => {
  expect(tellAll(makeRun({ outcome }), outcome).terminal).toContain(sentence)
})
