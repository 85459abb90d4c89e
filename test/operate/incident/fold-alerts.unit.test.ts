import { expect, test } from 'vitest'
import type { TimelineEntry } from '../../../src/journal/index.ts'
import { foldAlerts } from '../../../src/operate/incident/fold-alerts.ts'

const entry = (id: string, time: string, text: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id,
  time: `2026-11-29T10:00:${time}Z`,
  kind: 'alert',
  text,
  ...more,
})

test('equal alerts of one second are one line with their count, and nothing else is', () => {
  const entries = [
    entry('i2', '00.100', 'Full fires'),
    entry('i3', '00.100', 'Slow fires'),
    entry('i4', '00.900', 'Full fires'),
    entry('i5', '01.000', 'Full fires'),
    entry('i6', '01.000', 'looks', { kind: 'note' }),
    entry('i7', '01.000', 'looks', { kind: 'note' }),
  ]
  expect(foldAlerts(entries)).toEqual([
    { ...entries[0], text: 'Full fires: 2 alerts, which differ in their labels' },
    ...[entries[1], entries[3], entries[4], entries[5]],
  ])
})

test('the one that is pinned stands for all of its line: it can be unpinned', () => {
  const all = [entry('i2', '00', 'Full fires'), entry('i3', '00', 'Full fires', { pinned: true })]
  expect(foldAlerts(all)).toMatchObject([{ id: 'i3', pinned: true, text: expect.stringContaining('2 alerts') }])
})
