import { expect, test } from 'vitest'
import {
  drawLine,
  findZone,
  nameSeries,
  sayCurve,
  sayLimit,
  scaleCurve,
} from '../../../../src/theme/Live/plot/judge-curve.ts'

const limit = (operator: string, values: (number | null)[], expression = String(values[0])) => ({
  operator,
  expression,
  values,
})
const series = (...all: (number | null)[][]) =>
  all.map((values, at) => ({ labels: { __name__: 'x', job: 'api', instance: `host-${at}` }, values }))

test('a drawing has all lines in it, and nothing below zero that never is', () => {
  const limits = [limit('>', [5, 5])]
  expect(scaleCurve({ series: series([1, 2]), limits })).toEqual({ low: expect.closeTo(0.68), high: 5.32 })
  expect(scaleCurve({ series: series([0, 0]), limits: [] })).toEqual({ low: 0, high: 1 })
  expect(scaleCurve({ series: series([null, null]), limits: [] })).toBeUndefined()
  // A limit alone is no data.
  expect(scaleCurve({ series: [], limits })).toBeUndefined()
})

test('a line has a gap where no value is, and a value between two gaps is a dot', () => {
  expect(drawLine([0, 10, null, 5, null, 10], { low: 0, high: 10 })).toBe('M0 100h.01L1 0M3 50h.01M5 0h.01')
})

test('where a condition holds is coloured, unless its limit moves', () => {
  const scale = { low: 0, high: 10 }
  expect(findZone('>', [8, 8], scale)).toEqual({ y: 0, height: 20 })
  expect(findZone('<=', [8, null], scale)).toEqual({ y: 20, height: 80 })
  expect(findZone('<', [8, 9], scale)).toBeUndefined()
  expect(findZone('==', [8, 8], scale)).toBeUndefined()
})

test.each([
  [{ series: [], limits: [], more: 0 }, 'No data: nothing has this value in this time.'],
  [
    { series: series([1, 0.12345]), limits: [limit('<', [0.2, 0.2])], more: 0 },
    'Now 0.123. The alert looks whether it is < 0.2: so now.',
  ],
  [
    { series: series([1, 900], [1, 200]), limits: [limit('>', [300, 300], '5 * 60')], more: 4 },
    'Now 900, the nearest of 6 series. The alert looks whether it is > 5 * 60 (300): so now for 1 of 2 drawn.',
  ],
  [
    { series: series([1, null]), limits: [limit('>', [3, null], 'sum(y)')], more: 0 },
    'No value now. Whether it is > sum(y) (3) is not known.',
  ],
  [
    { series: series([1, 1]), limits: [limit('==', [0, 0])], more: 0 },
    'Now 1. The alert looks whether it is == 0: not so now.',
  ],
])('%# a curve in words', (curve, words) => {
  expect(sayCurve({ expression: 'x', ...curve })).toBe(words)
})

test('a limit of which nothing is known says so, and a series is named by what tells it from others', () => {
  expect(sayLimit(limit('>', [], 'a by (b)'))).toBe('> a by (b) (not known)')
  const all = series([1], [2])
  expect(nameSeries(all[0]?.labels ?? {}, all)).toBe('instance=host-0')
  expect(nameSeries({ __name__: 'x' }, series([1]))).toBe('without labels')
})
