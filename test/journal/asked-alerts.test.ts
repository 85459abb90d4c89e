import { expect, test } from 'vitest'
import { type AskedAlerts, judgeAskedAlerts } from '../../src/journal/index.ts'

test.each<[AskedAlerts | undefined, boolean, string]>([
  [{ asked: 'none-fires', alerts: ['A'] }, true, 'Every cause is ruled out, and no alert of this page fires.'],
  [{ asked: 'no-alerts' }, true, 'Every cause is ruled out. This page answers no alert, so none was asked for.'],
  [
    { asked: 'nobody' },
    true,
    'Every cause is ruled out. Whether an alert of this page fires was not asked: the environment names no Alertmanager.',
  ],
  [undefined, true, 'Every cause is ruled out. It was not recorded whether an alert of this page fires.'],
  [
    { asked: 'no-answer', why: 'x answered 503' },
    false,
    'Every cause is ruled out, but it is unknown whether an alert of this page fires: x answered 503',
  ],
  [
    { asked: 'fires', firing: [{ alert: 'A' }, { alert: 'B', quiet: 'muted' }] },
    false,
    'Every cause is ruled out, yet A fires; B fires, and is muted',
  ],
])('%j', (asked, ruledOut, sentence) => {
  expect(judgeAskedAlerts(asked)).toEqual({ ruledOut, sentence })
})
