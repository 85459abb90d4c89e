import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { planNext } from '../../src/readiness/plan-next.ts'
import { makeItem } from './make-results.ts'

it('ranks what does not pass by points for an hour, and leaves out what does not apply', () => {
  const items = [
    makeItem('a-1', 'failed', 6),
    makeItem('a-2', 'unknown', 2),
    makeItem('a-3', 'passed', 10),
    makeItem('a-4', 'not-applicable', 50),
    makeItem('a-5', 'failed', 2),
  ]
  const { moves, ways } = planNext(items, { 'a-1': 12, 'a-2': 1, 'a-5': 2 })
  expect(moves).toEqual([
    { item: 'a-2', title: 'a-2', points: 10, hours: 1 },
    { item: 'a-5', title: 'a-5', points: 10, hours: 2 },
    { item: 'a-1', title: 'a-1', points: 30, hours: 12 },
  ])
  // 18 of 20 are needed: without a-1 there are only 14.
  expect(ways).toEqual([
    { to: 90, hours: 13, score: 90, items: ['a-2', 'a-1'] },
    { to: 100, hours: 15, score: 100, items: ['a-2', 'a-5', 'a-1'] },
  ])
})

it('has no way to where it is already, nor anywhere when nothing applies', () => {
  const most = [makeItem('a-1', 'passed', 95), makeItem('a-2', 'failed', 5)]
  expect(planNext(most, { 'a-2': 1 }).ways.map(({ to }) => to)).toEqual([100])
  expect(planNext([makeItem('a-1', 'not-applicable', 5)], {})).toEqual({ moves: [], ways: [] })
})

it('finds no way longer than any that trying everything finds', () => {
  const item = fc.record({ weight: fc.integer({ min: 1, max: 6 }), hours: fc.integer({ min: 1, max: 14 }) })
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 30 }), (open, passed) => {
      const items = [
        ...open.map(({ weight }, index) => makeItem(`a-${index}`, 'failed', weight)),
        makeItem('b-1', 'passed', passed),
      ]
      const effort = Object.fromEntries(open.map(({ hours }, index) => [`a-${index}`, hours]))
      const whole = items.reduce((sum, { weight }) => sum + weight, 0)
      for (const way of planNext(items, effort).ways) {
        let least = Number.POSITIVE_INFINITY
        for (let set = 0; set < 2 ** open.length; set++) {
          const chosen = open.filter((_, index) => set & (1 << index))
          const gained = passed + chosen.reduce((sum, { weight }) => sum + weight, 0)
          if (gained * 100 >= way.to * whole) least = Math.min(least, add(chosen.map(({ hours }) => hours)))
        }
        expect(way.hours).toBe(least)
        expect(way.score).toBeGreaterThanOrEqual(way.to)
        expect(add(way.items.map(id => effort[id] ?? 0))).toBe(way.hours)
      }
    }),
    { numRuns: 100 },
  )
})

function add(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
