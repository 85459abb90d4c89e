import { expect, it } from 'vitest'
import type { Result } from '../../src/readiness/index.ts'
import { describeScore, score } from '../../src/readiness/score.ts'

const CASES: readonly [items: readonly (readonly [Result, number])[], score: number | null][] = [
  [[], null],
  [[['passed', 3]], 100],
  [[['failed', 3]], 0],
  // Nothing was measured: that is no zero.
  [[['unknown', 3]], null],
  [
    [
      ['unknown', 3],
      ['not-applicable', 3],
    ],
    null,
  ],
  [[['not-applicable', 3]], null],
  [
    [
      ['passed', 6],
      ['failed', 2],
    ],
    75,
  ],
  [
    [
      ['passed', 6],
      ['unknown', 2],
      ['not-applicable', 100],
    ],
    75,
  ],
  // Rounded down: 89.99 % is not 90 %.
  [
    [
      ['passed', 8999],
      ['failed', 1001],
    ],
    89.9,
  ],
  [
    [
      ['passed', 999],
      ['unknown', 1],
    ],
    99.9,
  ],
]

it.each(CASES)('of %j is %j', (items, expected) => {
  expect(score(items.map(([result, weight]) => ({ result, weight })))).toBe(expected)
})

it.each<[readonly Result[], number | null, string]>([
  [[], null, 'nothing applies'],
  [['not-applicable'], null, 'nothing applies'],
  [['unknown', 'unknown', 'not-applicable'], null, 'not measured'],
  // An assessment of before has a zero there.
  [['unknown'], 0, 'not measured'],
  [['failed'], 0, '0 %'],
  [['passed', 'unknown', 'failed', 'not-applicable'], 40, '40 %, 1 of 3 items unknown'],
  [['passed'], 100, '100 %'],
])('%j with the score %j is “%s”', (results, score, says) => {
  expect(
    describeScore(
      score,
      results.map(result => ({ result })),
    ),
  ).toBe(says)
})
