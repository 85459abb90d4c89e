import { expect, test } from 'vitest'
import { describeFelt } from '../../../src/lab/workload/describe-felt.ts'

const well = (ended: number, seconds = 0.1) => ({ began: ended - seconds * 1000, ended, acknowledged: true })
const failed = (ended: number) => ({ began: ended - 100, ended, acknowledged: false })

test.each([
  ['nothing was tried', [], 9_000, { failedShare: 0, longestGapSeconds: 0 }],
  ['all went well', [well(1000), well(1500), well(2000)], 2_400, { failedShare: 0, longestGapSeconds: 0.5 }],
  [
    'a pause is felt',
    [well(1000), failed(9000), well(13_000), well(13_500)],
    14_000,
    { failedShare: 0.25, longestGapSeconds: 12 },
  ],
  [
    'a pause that is not over is felt',
    [well(1000), well(2000), failed(9000), failed(9001)],
    32_000,
    { failedShare: 0.5, longestGapSeconds: 30 },
  ],
])('%s', (_, attempts, to, felt) => {
  expect(describeFelt(attempts, { from: 0, to })).toMatchObject(felt)
})

test('attempts are counted in the span in which they ended, also one at the very end', () => {
  const attempts = [well(100), well(1999), well(2000, 2.1), failed(4100), well(6000)]
  expect(describeFelt(attempts, { from: 0, to: 6000 }).course).toEqual({
    span: 2,
    late: 2,
    well: [2, 0, 1],
    slow: [0, 1, 0],
    failed: [0, 0, 1],
  })
})
