import { expect, test } from 'vitest'
import { judgeNotified } from '../../src/drill/judge-notified.ts'
import type { Notified } from '../../src/journal/index.ts'

const pager = (...alerts: string[]): Notified => ({
  ...{ receiver: 'pager', wakes: true, times: alerts.length, severities: ['critical'] },
  ...{ alerts, seconds: 15 },
})
const tickets = (...alerts: string[]): Notified => ({
  ...pager(...alerts),
  ...{ receiver: 'tickets', wakes: false, severities: ['warning'] },
})

test('a critical alert wakes somebody once, and another makes a ticket', () => {
  expect(judgeNotified('Down', [pager('Down')], {})).toBeUndefined()
  expect(judgeNotified('Down', [pager('Down'), tickets('Slow')], {})).toBeUndefined()
  expect(judgeNotified('Slow', [tickets('Slow')], {})).toBeUndefined()
  expect(judgeNotified('Down', [{ ...pager('Down', 'Late'), times: 1 }], {})).toBeUndefined()
})

test.each<[string, Notified[], RegExp]>([
  ['nobody', [], /nobody was notified of Down/],
  ['somebody of another alert only', [pager('Other')], /nobody was notified of Down/],
  ['a chat of a critical alert', [{ ...tickets('Down'), severities: ['critical'] }], /tickets, which wakes nobody/],
  ['a pager of a warning', [{ ...pager('Down'), severities: ['warning'] }], /not critical/],
  ['somebody twice', [pager('Down', 'Late')], /woke somebody twice, after 15 s \(Down, Late\), not at most 1 times/],
  ['somebody beside a ticket', [tickets('Down'), pager('Late')], /woke somebody once.*not at most 0 times/],
])('it is wrong to notify %s', (_, notified, reason) => {
  expect(judgeNotified('Down', notified, {})).toMatch(reason)
})

test('a drill may wake more often, for a reason, and not more often than that', () => {
  const wakes = { atMost: 2, because: 'the restart' }
  expect(judgeNotified('Down', [pager('Down', 'Late')], { wakes })).toBeUndefined()
  expect(judgeNotified('Down', [pager('Down')], { wakes })).toBeUndefined()
  expect(judgeNotified('Down', [pager('Down', 'Late', 'Later')], { wakes })).toMatch(/3 times/)
  expect(judgeNotified('Down', [pager('Late')], { wakes })).toMatch(/nobody was notified of Down/)
})

test('a second fault may wake somebody, too', () => {
  expect(judgeNotified('Down', [pager('Down', 'Late')], { with: 'late' })).toBeUndefined()
  expect(judgeNotified('Down', [pager('Down', 'Late', 'Later')], { with: 'late' })).toMatch(/3 times/)
})
