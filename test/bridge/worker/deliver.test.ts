import { expect, it } from 'vitest'
import { backoffDelay } from '../../../src/bridge/worker/deliver.ts'

const bounds = { initial: 1000, max: 300_000 }

it('doubles up to the maximum', () => {
  const longest = [1, 2, 3, 9, 10, 1000].map(attempts => backoffDelay(bounds, attempts, () => 1))
  expect(longest).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000])
})

it('takes a random half off', () => {
  expect(backoffDelay(bounds, 1, () => 0)).toBe(500)
  expect(backoffDelay(bounds, 1000, () => 0.5)).toBe(225_000)
})
