import { expect, test } from 'vitest'
import { countOf, formatDuration } from '../../src/base/index.ts'

test.each([
  [0, '0 pages'],
  [1, '1 page'],
  [2, '2 pages'],
])('%i has its noun in the right number', (amount, text) => {
  expect(countOf(amount, 'page')).toBe(text)
})

test('a noun brings a plural of its own along', () => {
  expect([countOf(1, 'retry', 'retries'), countOf(3, 'retry', 'retries')]).toEqual(['1 retry', '3 retries'])
})

test('a time that is none, or is before its beginning, is never printed as a number', () => {
  expect([Infinity, -Infinity, Number.NaN].map(formatDuration)).toEqual(Array(3).fill('an unknown time'))
  expect(formatDuration(-5000)).toBe('0 ms')
})
