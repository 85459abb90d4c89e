import { expect, it } from 'vitest'
import { findItem, type Result } from '../../src/readiness/index.ts'
import { judgeItem } from '../../src/readiness/judge-item.ts'
import { makeCheck } from './make-results.ts'
import { readOurCatalogue } from './our-catalogue.ts'

const catalogue = readOurCatalogue()
const WHY = 'one user only'

const CASES: readonly [item: string, checks: readonly Result[], excuse: string | undefined, result: Result][] = [
  ['log-1', ['passed'], undefined, 'passed'],
  ['log-1', ['passed', 'passed'], undefined, 'passed'],
  ['log-1', ['passed', 'failed'], undefined, 'failed'],
  ['log-1', ['passed', 'unknown'], undefined, 'unknown'],
  ['log-1', ['unknown', 'failed'], undefined, 'failed'],
  ['log-1', [], undefined, 'unknown'],
  // A required item has no excuse.
  ['log-1', [], WHY, 'unknown'],
  ['log-1', ['unknown'], WHY, 'unknown'],
  // What is optional may have one, with a reason; what was measured all the same counts.
  ['auth-1', [], WHY, 'not-applicable'],
  ['auth-1', ['unknown'], WHY, 'not-applicable'],
  ['auth-1', ['unknown'], '  ', 'unknown'],
  ['auth-1', ['unknown'], undefined, 'unknown'],
  ['log-4', ['failed', 'unknown'], WHY, 'failed'],
  ['log-4', ['passed', 'unknown'], WHY, 'passed'],
]

it.each(CASES)('%s with checks %j and the excuse %j is %s', (id, checks, excuse, result) => {
  const found = findItem(catalogue, id)
  if (!found) throw new Error(`no item ${id}`)
  const judged = judgeItem(
    found.area,
    found.item,
    checks.map(result => makeCheck(result)),
    excuse,
  )
  expect(judged.result).toBe(result)
  expect(judged.reason === undefined).toBe(result === 'passed')
})

it('says why: the first check that failed, the reason on the page, or that there is no check', () => {
  const found = findItem(catalogue, 'log-4')
  if (!found) throw new Error('no item log-4')
  const { area, item } = found
  const checks = [makeCheck('unknown', { reason: 'no collector' }), makeCheck('failed', { reason: 'nothing arrived' })]
  expect(judgeItem(area, item, checks, undefined).reason).toBe('It does: nothing arrived')
  expect(judgeItem(area, item, checks.slice(0, 1), WHY)).toMatchObject({
    reason: WHY,
    checks: [{ result: 'not-applicable', reason: WHY }],
  })
  expect(judgeItem(area, item, [], undefined).reason).toBe('no check')
})
