import { expect, test } from 'vitest'
import { startSideBySide } from '../../src/drill/intensity.ts'
import type { Felt, LabStatus, Workload } from '../../src/lab-port/index.ts'

const STATUS = {} as LabStatus

/** A workload of which each that starts acknowledges ten more than the one before, and lost one; `felt` are theirs, one after another. */
function makeWorkload(felt: readonly Felt[]) {
  let started = 0
  const stopped: number[] = []
  const workload: Workload = {
    name: 'parcels',
    enough: 1,
    start() {
      started += 1
      const own = started
      return {
        acknowledged: () => own * 10,
        felt: () => felt[own - 1] ?? { failedShare: 0, longestGapSeconds: 0 },
        stop: async () => void stopped.push(own),
        verify: async () => ({ lost: 1, counts: own === 1 ? { delivered: 9, held: 2 } : { delivered: 9 } }),
      }
    },
  }
  return { workload, stopped, count: () => started }
}

test('little is one workload, as it says of itself', async () => {
  const felt = { failedShare: 0.2, longestGapSeconds: 3 }
  const { workload, count } = makeWorkload([felt])
  const running = startSideBySide(workload, STATUS, 'low')
  expect(count()).toBe(1)
  expect(running.acknowledged()).toBe(10)
  expect(running.felt()).toEqual(felt)
  expect(await running.verify(1)).toEqual({ lost: 1, counts: { delivered: 9, held: 2 } })
})

test('much is four of them, added up', async () => {
  const course = (well: number[], failed: number[]) => ({ span: 2, late: 2, well, slow: well.map(() => 0), failed })
  const { workload, stopped, count } = makeWorkload([
    { failedShare: 0.5, longestGapSeconds: 1, course: course([1, 1], [2, 0]) },
    { failedShare: 0, longestGapSeconds: 4, course: course([3, 3, 3], [0, 0, 0]) },
    { failedShare: 0, longestGapSeconds: 0, course: course([2], [0]) },
    { failedShare: 0, longestGapSeconds: 0, course: course([1], [0]) },
  ])
  const running = startSideBySide(workload, STATUS, 'high')
  expect(count()).toBe(4)
  expect(running.acknowledged()).toBe(100)
  expect(running.felt()).toEqual({ failedShare: 0.125, longestGapSeconds: 4, course: course([7, 4, 3], [2, 0, 0]) })
  expect(await running.verify(1)).toEqual({ lost: 4, counts: { delivered: 36, held: 2 } })
  await running.stop()
  expect(stopped.toSorted()).toEqual([1, 2, 3, 4])
})

test('without a course of each the share that failed is the worst', () => {
  const { workload } = makeWorkload([
    { failedShare: 0.5, longestGapSeconds: 1 },
    { failedShare: 0.1, longestGapSeconds: 2 },
  ])
  expect(startSideBySide(workload, STATUS, 'high').felt()).toEqual({ failedShare: 0.5, longestGapSeconds: 2 })
})
