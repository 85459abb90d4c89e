import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../src/base/index.ts'

test.each([
  ['0s', 0],
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['1h30m', 5_400_000],
  ['24h', 86_400_000],
  ['180d', 15_552_000_000],
  ['2w', 1_209_600_000],
])('%s is %i ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

test.each(['', '5', 's', '1 h', '-1s', '1y', '1h 30m', '1S', '5m30'])('“%s” is no duration', text => {
  expect(parseDuration(text)).toBeUndefined()
})

test.each([
  [0, '0 ms'],
  [340.4, '340 ms'],
  [999.9, '1 s'],
  [1000, '1 s'],
  [1234, '1.2 s'],
  [9960, '10 s'],
  [59_700, '1 min'],
  [60_000, '1 min'],
  [119_700, '2 min'],
  [200_000, '3 min 20 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [93_600_000, '1 d 2 h'],
])('%d ms reads “%s”', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})
