import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatClock, formatMoment, nameZone } from '../../src/report/index.ts'

const zone = process.env.TZ
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin'
})
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

test.each([
  ['2026-11-22T02:12:04.000Z', 'today 03:12'],
  ['2026-11-21T23:00:00.000Z', 'today 00:00'],
  ['2026-11-21T22:59:59.000Z', 'yesterday 23:59'],
  ['2026-11-20T22:59:59.000Z', '2026-11-20 23:59'],
  ['2025-11-22T02:12:04.000Z', '2025-11-22 03:12'],
])('%s is told in the zone of this machine: %s', (time, text) => {
  expect(formatMoment(time, new Date('2026-11-22T12:00:00.000Z'))).toBe(text)
})

test('a clock time has its zone beside it, in summer another one', () => {
  expect(formatClock('2026-11-22T02:12:04.000Z')).toBe('03:12:04')
  expect(nameZone(new Date('2026-11-22T02:12:04.000Z'))).toBe('CET')
  expect(nameZone(new Date('2026-07-22T02:12:04.000Z'))).toBe('CEST')
})
