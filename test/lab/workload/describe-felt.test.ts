import { expect, test } from 'vitest'
import { describeFelt } from '../../../src/lab/workload/describe-felt.ts'

const upload = (at: number) => ({ id: String(at), name: `${at}.bin`, sha256: '', at })

test.each([
  ['nothing was tried', [], 0, 9_000, { failedShare: 0, longestGapSeconds: 0 }],
  ['all went well', [1000, 1500, 2000], 0, 2_400, { failedShare: 0, longestGapSeconds: 0.5 }],
  ['a pause is felt', [1000, 13_000, 13_500], 1, 14_000, { failedShare: 0.25, longestGapSeconds: 12 }],
  ['a pause that is not over is felt', [1000, 2000], 2, 32_000, { failedShare: 0.5, longestGapSeconds: 30 }],
])('%s', (_, times, failed, now, felt) => {
  expect(describeFelt({ acknowledged: times.map(upload), failed: () => failed }, now)).toEqual(felt)
})
