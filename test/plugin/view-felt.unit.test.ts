import { expect, test } from 'vitest'
import type { Proof } from '../../src/journal/index.ts'
import { sayFeltWhen, viewFelt } from '../../src/plugin/view-felt.ts'
import { makeProof } from '../lint/make-proof.ts'

const course = { span: 2, late: 2, well: [5, 6, 0, 0, 1, 7], slow: [0, 0, 0, 1, 2, 0], failed: [0, 1, 4, 3, 0, 0] }
const proof = (more: Partial<Proof>): Proof => ({
  ...makeProof({}),
  workload: { name: 'orders', acknowledged: 22, lost: 0, counts: {} },
  felt: { failedShare: 0.2, longestGapSeconds: 4, course },
  moments: { broken: 3, fired: 5, healing: 5.5, healed: 8 },
  ...more,
})

test('what failed or was late is told for the times before, during and after; a span counts where it begins', () => {
  expect(sayFeltWhen(proof({}))).toBe(
    'before it 1 of 12; until it was healed 7 of 8, 1 late; after that 0 of 10, 2 late',
  )
})

test('a drill that did not heal has no time after it', () => {
  expect(sayFeltWhen(proof({ moments: { broken: 3 } }))).toBe('before it 1 of 12; from then on 7 of 18, 3 late')
})

test('the picture of a drill that escalated says when', () => {
  const view = viewFelt(proof({ moments: { broken: 3, fired: 5, healing: 5.5, escalated: 9 } }))
  expect(view?.marks.at(-1)).toEqual(['escalated', 9])
})

test('the picture has the moments that there were, and there is none without them', () => {
  expect(viewFelt(proof({}))).toEqual({
    ...course,
    name: 'orders',
    marks: [
      ['fault', 3],
      ['alert', 5],
      ['page', 5.5],
      ['healed', 8],
    ],
  })
  const { moments: _, ...before } = proof({})
  expect(viewFelt(before)).toBeUndefined()
  expect(sayFeltWhen(before)).toBeUndefined()
  expect(viewFelt({ ...proof({}), felt: { failedShare: 0, longestGapSeconds: 0 } })).toBeUndefined()
})
