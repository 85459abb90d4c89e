import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { formatPractices, formatScore } from '../../src/report/index.ts'
import { makePractice } from '../journal/make-practice.ts'

const BAD = makePractice({
  fault: 'replication-slot-abandoned',
  outcome: 'gave-up',
  secondsToPage: null,
  secondsToHeal: null,
  wrongPages: ['down', 'slow'],
  wrongMitigations: ['down#restart'],
  felt: null,
  workload: null,
})

test('the score names the fault, its page, the times, what was wrong and what customers felt', () => {
  expect(stripVTControlCharacters(formatScore(makePractice({}), 'The volume fills up'))).toBe(`
HEALED
  the fault     filling: The volume fills up
  its page      full
  paged         12 s after the fault
  right page    begun after 42 s
  healed        after 1 min 12 s
  wrong pages   none
  wrong steps   none
  customers     12.4 % failed, 3 % slow; 14 s at most with none acknowledged
  acknowledged  126 orders, none lost
`)
})

test('the score says what did not happen and what nobody knows', () => {
  expect(stripVTControlCharacters(formatScore({ ...BAD, secondsToFire: null }, undefined))).toBe(`
GIVEN UP
  the fault     replication-slot-abandoned
  its page      full
  paged         never
  right page    never begun
  healed        no
  wrong pages   down, slow
  wrong steps   down#restart
  customers     nobody used it: what they felt is unknown
  acknowledged  nothing was counted: what was lost is unknown
`)
})

test('the history is a table of 80 columns, newest first, that names a loss', () => {
  const lost = makePractice({ workload: { name: 'orders', acknowledged: 9, lost: 2 } })
  const table = stripVTControlCharacters(formatPractices([makePractice({}), lost, BAD]))
  expect(table).toBe(`DATE        FAULT                       TO PAGE  TO HEAL     WRONG  FELT
2026-11-30  replication-slot-abandoned  never    gave up     3      unknown
2026-11-30  filling                     42 s     1 min 12 s  0      12.4 % failed, 2 losses
2026-11-30  filling                     42 s     1 min 12 s  0      12.4 % failed
`)
})
