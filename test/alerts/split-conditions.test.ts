import { expect, test } from 'vitest'
import { splitConditions } from '../../src/alerts/split-conditions.ts'

/** An expression, and its conditions as `value | operator with …`. */
const CASES: readonly (readonly [expression: string, ...conditions: string[]])[] = [
  ['up == 0', 'up | == 0'],
  ['absent(up{job="api"})', 'absent(up{job="api"})'],
  ['0.5 > rate(x[5m])', 'rate(x[5m]) | < 0.5'],
  ['x > bool 3', 'x | > 3'],
  [
    '(\n  a:ratio < 0.15 # low\n  and\n  predict_linear(b[1h], 4 * 3600) < 0\n)\nor\na:ratio < 0.03',
    'a:ratio | < 0.15 | < 0.03',
    'predict_linear(b[1h], 4 * 3600) | < 0',
  ],
  ['time() - (x > 0) > 26 * 3600', 'time() - (x > 0) | > 26 * 3600'],
  ['a{b=~"x and (y", c!="#"} > 1 AND on (i) d{e="\\""} == 1', 'a{b=~"x and (y", c!="#"} | > 1', 'd{e="\\""} | == 1'],
  ['p > on () group_left () (5 * sum(r) > 0)', 'p | > (5 * sum(r) > 0)'],
  ['a > 1 unless on (x) b == 0 and c > 2', 'a | > 1', 'c | > 2'],
  ['sum by (and, or) (x) > 4.5 / (15 * 60)', 'sum by (and, or) (x) | > 4.5 / (15 * 60)'],
  ['rule:or:x >= 2 or and_more < 1', 'rule:or:x | >= 2', 'and_more | < 1'],
  ['x > 0 < 5', 'x > 0 | < 5'],
]

test.each(CASES)('the conditions of %j', (expression, ...conditions) => {
  expect(
    splitConditions(expression).map(({ expression, comparisons }) =>
      [expression, ...comparisons.map(({ operator, with: other }) => `${operator} ${other}`)].join(' | '),
    ),
  ).toEqual(conditions)
})

test('what is no expression is no condition, and ends', () => {
  expect(splitConditions('')).toEqual([])
  expect(splitConditions(')) > 1 ((')).toEqual([])
})
