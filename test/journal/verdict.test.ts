import { expect, test } from 'vitest'
import { type AskedAlerts, explainEnding, judgeAskedAlerts } from '../../src/journal/index.ts'
import type { RecordedEnding } from '../../src/journal/verdict.ts'

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

const at = '2026-11-22T03:15:07.000Z'
const basis = { mitigated: ['fix'], verified: ['ok', 'again'] }
const HEALED = 'A mitigation was taken (#fix), and Verify passed (#ok, #again).'

test.each<[RecordedEnding, string | undefined]>([
  [
    { outcome: 'healed', basis, alerts: { asked: 'none-fires', alerts: ['A'], at, from: 'http://am' } },
    `${HEALED} At its end no alert of this page fires, as http://am said at 03:15:07 UTC.`,
  ],
  [
    {
      outcome: 'healed',
      basis,
      alerts: { asked: 'fires', firing: [{ alert: 'A', quiet: 'silenced' }] },
      alertNow: { name: 'A', now: 'fires' },
    },
    `${HEALED} Yet A fires, and is silenced. A, for which this run was started, fires still.`,
  ],
  [
    { outcome: 'healed', basis, alerts: { asked: 'nobody' } },
    `${HEALED} Whether an alert of this page fires was not asked: the environment names no Alertmanager.`,
  ],
  [
    { outcome: 'healed', basis, alerts: { asked: 'no-answer', why: 'am answered 503' } },
    `${HEALED} It is unknown whether an alert of this page fires: am answered 503`,
  ],
  [
    { outcome: 'healed' },
    'A mitigation was taken, and Verify passed. It was not recorded whether an alert of this page fires.',
  ],
  [
    { outcome: 'failed', reason: '“Fix” failed', alertNow: { name: 'A', now: 'unknown' } },
    '“Fix” failed. Whether A, for which this run was started, fires still is unknown.',
  ],
  [{ outcome: 'inconclusive', reason: 'not allowed', refused: 'not allowed' }, 'Refused: not allowed'],
  [{ outcome: 'cancelled', alertNow: { name: 'A', now: 'gone' } }, 'A, for which this run was started, is gone.'],
  [{ outcome: 'passed' }, undefined],
  ...(
    [
      [
        { now: 'not-firing', began: 'not-firing' },
        'A, for which this run was started, does not fire, and did not when the run began.',
      ],
      [
        { now: 'not-firing', began: 'unknown' },
        'A, for which this run was started, does not fire; whether it fired when the run began is unknown.',
      ],
      [{ now: 'not-firing' }, 'A, for which this run was started, does not fire.'],
      [{ now: 'fires', began: 'fires' }, 'A, for which this run was started, fires still.'],
      [
        { now: 'fires', began: 'not-firing' },
        'A, for which this run was started, fires now; it did not when the run began.',
      ],
      [
        { now: 'fires', began: 'unknown' },
        'A, for which this run was started, fires now; whether it fired when the run began is unknown.',
      ],
      [{ now: 'unknown', began: 'fires' }, 'Whether A, for which this run was started, fires still is unknown.'],
      [{ now: 'unknown', began: 'unknown' }, 'Whether A, for which this run was started, fires is unknown.'],
      [
        { now: 'unknown', began: 'not-firing' },
        'Whether A, for which this run was started, fires by now is unknown; it did not when the run began.',
      ],
    ] as const
  ).map(([alert, said]): [RecordedEnding, string] => [
    { outcome: 'cancelled', alertNow: { name: 'A', ...alert } },
    said,
  ]),
])('an end says what it stands on, and no more: %j', (ending, sentence) => {
  expect(explainEnding(ending)).toBe(sentence)
})
