import { expect, it } from 'vitest'
import { waitBeforeRetry } from '../../../../src/theme/Live/connection/wait-before-retry.ts'

it('waits ever longer, but never longer than 10 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(failures => waitBeforeRetry(failures, 1))).toEqual([
    250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ])
})

it('leaves a fifth to chance, so that not all come back at once', () => {
  expect(waitBeforeRetry(3, 0)).toBe(800)
  expect(waitBeforeRetry(3, 0.5)).toBe(900)
})
