import { expect, it } from 'vitest'
import type { Result } from '../../src/readiness/index.ts'
import { score } from '../../src/readiness/score.ts'

const CASES: readonly [items: readonly (readonly [Result, number])[], score: number | null][] = [
  [[], null],
  [[['passed', 3]], 100],
  [[['failed', 3]], 0],
  [[['unknown', 3]], 0],
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
